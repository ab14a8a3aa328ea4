# SPDX-License-Identifier: LGPL-2.1-or-later
# What SPDX 2.3 asks of a document, as JSON (spdx.github.io/spdx-spec/v2.3: clauses 6 document creation, 7 package, 11 relationships; annex D license
# expressions), of as much of it as scripts/packaging/sbom writes: a field that is not known here is wrong. Prints a line for each thing that is wrong.

def rules($where; $required; $optional; $rules):
	if type != "object" then "\($where): is no object" else
		. as $object |
		($required[] | select($object[.] == null) | "\($where): \(.) is missing"),
		(keys[] | select(IN($required[], $optional[]) | not) | "\($where): \(.) is no field"),
		($rules | to_entries[] | select($object[.key] != null) | . as $rule |
			[$object[.key] | if type == "array" then .[] else . end][] |
			select(type != "string" or (test($rule.value) | not)) | "\($where): \($rule.key) can not be \(tojson)")
	end;

def id: "^SPDXRef-[A-Za-z0-9.-]+$";
def license: "^(NONE|NOASSERTION|[(]*[A-Za-z0-9.-]+[+]?( (AND|OR|WITH) [(]*[A-Za-z0-9.-]+[+]?[)]*)*)$";

# Lower case, as long as the algorithm makes it.
def checksum($where):
	rules($where; ["algorithm", "checksumValue"]; []; {algorithm: "^SHA256$", checksumValue: "^[0-9a-f]{64}$"});

def reference($where):
	rules($where; ["referenceCategory", "referenceType", "referenceLocator"]; ["comment"];
		{referenceCategory: "^PACKAGE-MANAGER$", referenceType: "^purl$", referenceLocator: "^pkg:[a-z]+/([^/@ ]+/)*[^/@ ]+@[^/@ ?]+([?][^ ]+)?$"});

def package:
	"package \(.name)" as $where |
	rules($where; ["SPDXID", "name", "downloadLocation"];
		["versionInfo", "packageFileName", "supplier", "filesAnalyzed", "checksums", "sourceInfo", "licenseConcluded", "licenseDeclared", "copyrightText",
			"externalRefs", "primaryPackagePurpose"];
		{SPDXID: id, name: ".", downloadLocation: "^(NONE|NOASSERTION|[a-z+]+://[^ ]+)$", versionInfo: ".", packageFileName: "^[^/]+$",
			supplier: "^(NOASSERTION|(Person|Organization): [^ ].*)$", licenseConcluded: license, licenseDeclared: license,
			primaryPackagePurpose: "^(APPLICATION|FRAMEWORK|LIBRARY|CONTAINER|OPERATING_SYSTEM|DEVICE|FIRMWARE|SOURCE|ARCHIVE|FILE|INSTALL|OTHER)$"}),
	# Else each file of it would have to be told (7.8).
	(select(.filesAnalyzed != false) | "\($where): its files are not told"),
	(.checksums[]? | checksum($where)),
	(.externalRefs[]? | reference($where));

def relationship($ids):
	"relationship \(.spdxElementId) \(.relatedSpdxElement)" as $where |
	rules($where; ["spdxElementId", "relationshipType", "relatedSpdxElement"]; ["comment"];
		{relationshipType: "^(DESCRIBES|DEPENDS_ON|CONTAINS|STATIC_LINK|DYNAMIC_LINK|BUILD_TOOL_OF)$"}),
	(.spdxElementId, .relatedSpdxElement | select(IN($ids[]) | not) | "\($where): there is no \(.)");

([.SPDXID, .packages[]?.SPDXID]) as $ids |
rules("document"; ["spdxVersion", "dataLicense", "SPDXID", "name", "documentNamespace", "creationInfo"]; ["packages", "relationships"];
	{spdxVersion: "^SPDX-2[.]3$", dataLicense: "^CC0-1[.]0$", SPDXID: "^SPDXRef-DOCUMENT$", name: ".",
		documentNamespace: "^[a-z]+://[A-Za-z0-9._~:/?@!$&()*+,;=%-]+$"}),
(.creationInfo | rules("creationInfo"; ["created", "creators"]; ["comment", "licenseListVersion"];
	{created: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$", creators: "^(Person|Organization|Tool): [^ ].*$"})),
(select(.creationInfo.creators == []) | "creationInfo: there are no creators"),
($ids | group_by(.)[] | select(length > 1) | "\(.[0]) is there twice"),
(.packages[]? | package),
(.relationships[]? | relationship($ids)),
# 11.1: what it is about
(select(any(.relationships[]?; .relationshipType == "DESCRIBES" and .spdxElementId == "SPDXRef-DOCUMENT") | not) | "document: nothing says what it describes")
