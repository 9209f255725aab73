#!/bin/sh
# Makes FOLDER/root.tar: the machine's own distribution with Python and the servers that Cesar uses.
# Runs as root in mount and process namespaces of its own, so that nothing stays mounted, however it ends.
set -eu
folder=$1 suite=$2 components=$3 mirror=$4
tree=$folder/tree

debootstrap --variant=minbase --components="$components" --include=ca-certificates,python3 "$suite" "$tree" "$mirror"

# Servers are installed, not started, and PostgreSQL's data is made by whoever uses the image.
mount -t proc proc "$tree/proc"
printf '#!/bin/sh\nexit 101\n' >"$tree/usr/sbin/policy-rc.d"
chmod 755 "$tree/usr/sbin/policy-rc.d"
mkdir -p "$tree/etc/postgresql-common"
echo 'create_main_cluster = false' >"$tree/etc/postgresql-common/createcluster.conf"
chroot "$tree" env DEBIAN_FRONTEND=noninteractive \
    apt-get install --quiet --no-install-recommends --yes iproute2 nginx openssl postgresql rabbitmq-server
umount "$tree/proc"

# The users and places of the official images.
chroot "$tree" useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /bin/false nginx
chroot "$tree" install -d -o postgres -g postgres -m 700 /var/lib/postgresql/data
chroot "$tree" sh -c 'ln -s /usr/lib/postgresql/*/bin/* /usr/local/bin/'
ln -sf /usr/lib/rabbitmq/bin/rabbitmq-server "$tree/usr/local/bin/rabbitmq-server"

chroot "$tree" apt-get clean
rm -rf "$tree/usr/sbin/policy-rc.d" "$tree"/var/lib/apt/lists/* "$tree"/var/log/* \
    "$tree"/usr/share/doc "$tree"/usr/share/man "$tree"/usr/share/locale
mkdir "$tree/var/log/nginx"
tar --create --numeric-owner --directory "$tree" --file "$folder/root.tar" .
