FROM scratch
COPY prints_status /
CMD ["/prints_status"]
# web
# Podman takes it only with --cap-add=SYS_TIME: that is not among its defaults, which it grants otherwise
LABEL io.containers.capabilities="CHOWN,SYS_TIME"
