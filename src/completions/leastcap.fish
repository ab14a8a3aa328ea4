# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion of leastcap in fish: the program itself is asked, which has the tables.

function __leastcap_complete
    set -l before (commandline -opc)
    set -l all (commandline -o)
    set -l current (string unescape -- (commandline -ct))
    or set current (string trim -c '"\'' -- (commandline -ct))
    set -l after $all[(math (count $before) + 2)..-1]
    test -n "$current"; or set after $all[(math (count $before) + 1)..-1]
    set -l lines ($before[1] complete (count $before) $before[2..-1] $current $after 2>/dev/null)
    if test -z "$current"
        set lines ($before[1] complete (count $before) $before[2..-1] "" $after 2>/dev/null)
    end
    set -l kind (string split ' ' -- $lines[1])
    test (count $lines) -lt 2; or string join \n -- $lines[2..-1]
    # What is repeated before a file, as in --output=FILE.
    set -l option (string match -r -- '^--[^=]*=' $current)
    switch "$kind[1]"
        case files
            set -l typed (string replace -r -- '^--[^=]*=' '' $current)
            set -l files (__fish_complete_path $typed)
            set -l wanted (string match -er -- "^[^\t]*(/|\.$kind[2])(\t|\$)" $files)
            test -z "$kind[2]"; or test -z "$wanted"; or set files $wanted
            string replace -r '^' -- "$option" $files
        case directories
            set -l typed (string replace -r -- '^--[^=]*=' '' $current)
            string replace -r '^' -- "$option" (__fish_complete_directories $typed '')
        case command
            if test (count $lines) -lt 2
                complete -C (string join ' ' -- (string escape -- $before[(math $kind[2] + 1)..-1]) $current)
            end
    end
end

complete -c leastcap -f -a '(__leastcap_complete)'
