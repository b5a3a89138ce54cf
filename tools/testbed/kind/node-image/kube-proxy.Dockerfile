# Stands for registry.k8s.io/kube-proxy: the program, and the iptables that it calls.
FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends conntrack iptables kmod nftables \
    && rm -rf /var/lib/apt/lists/*
COPY mlterra-kubernetes /usr/local/bin/
RUN ln -s mlterra-kubernetes /usr/local/bin/kube-proxy
