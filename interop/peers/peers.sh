#!/bin/bash
# The real peers, for interop tests and for the comparison in bench/: Postfix, Dovecot, OpenDKIM, OpenDMARC and Knot DNS from Debian's
# packages, on loopback and high ports, in a scratch directory (PEERS_DIR, default /tmp/posthorn-peers, which must not lie
# below a directory closed to other users). Nothing under /etc is touched. Needs root.
# usage: peers.sh install | start | opendmarc | stop | status | pids | clean
#   opendmarc          starts OpenDMARC too, once as a watcher and once as one that enforces
#   PEERS_USERS=N      user1@peer.test .. userN@peer.test with passwords secret-1 .. secret-N (default 20)
#   PEERS_KEY=ec       certificates with ECDSA keys on P-256 instead of RSA-2048, when they are first made
#   POSTHORN_PORT=N    where Postfix sends mail for posthorn.test (default 2525)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
DIR=${PEERS_DIR:-/tmp/posthorn-peers} USERS=${PEERS_USERS:-20} VUID=5000
DNS=5400 SMTP=3625 SUBMISSION=3687 SUBMISSIONS=3665 IMAP=3643 IMAPS=3693 POP3=3610 POP3S=3695 LMTP=3624 MILTER=3891
# Services of Postfix that have Posthorn for their milter, on OUR_MILTER: MX, submission, submission with protocol 2; MX_UNIX is an MX in a
# chroot, as on Debian, with Posthorn on a Unix socket.
# HTTPS is where a test takes reports.
OUR_MILTER=3892 HTTPS=3680 MX_OURS=3626 SUBMISSION_OURS=3688 SUBMISSION_OURS_2=3689 MX_UNIX=3627
# Services of Postfix that have OpenDKIM and then OpenDMARC for their milters. OpenDMARC asks the resolver of the system, which is Knot on
# port 53 of this address for it.
OPENDMARC=3893 OPENDMARC_ENFORCING=3894 MX_OPENDMARC=3628 MX_OPENDMARC_ENFORCING=3629 RESOLVER=127.0.0.91
PACKAGES="postfix dovecot-core dovecot-imapd dovecot-pop3d dovecot-lmtpd opendkim opendmarc miltertest knot openssl procps"

install() {
  # shellcheck disable=SC2086
  dpkg -s $PACKAGES >/dev/null 2>&1 && return 0
  local policy=/usr/sbin/policy-rc.d made='' status=0
  # No package may start its daemon: the ports 25, 53 and 143 of this machine are not ours to take.
  if [ ! -e $policy ]; then printf '#!/bin/sh\nexit 101\n' >$policy; chmod 755 $policy; made=1; fi
  echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections
  echo "opendmarc opendmarc/dbconfig-install boolean false" | debconf-set-selections
  apt-get update -qq
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $PACKAGES >/dev/null || status=$?
  [ -z "$made" ] || rm -f $policy
  return $status
}

fill() { # TEMPLATE TARGET: the template with its @NAMES@ replaced
  sed -e "s#@DIR@#$DIR#g" -e "s#@VUID@#$VUID#g" -e "s#@DNS@#$DNS#g" -e "s#@SMTP@#$SMTP#g" \
    -e "s#@SUBMISSION@#$SUBMISSION#g" -e "s#@SUBMISSIONS@#$SUBMISSIONS#g" -e "s#@IMAP@#$IMAP#g" -e "s#@IMAPS@#$IMAPS#g" \
    -e "s#@POP3@#$POP3#g" -e "s#@POP3S@#$POP3S#g" -e "s#@LMTP@#$LMTP#g" -e "s#@MILTER@#$MILTER#g" \
    -e "s#@OUR_MILTER@#$OUR_MILTER#g" -e "s#@MX_OURS@#$MX_OURS#g" -e "s#@SUBMISSION_OURS@#$SUBMISSION_OURS#g" \
    -e "s#@SUBMISSION_OURS_2@#$SUBMISSION_OURS_2#g" -e "s#@MX_UNIX@#$MX_UNIX#g" \
    -e "s#@OPENDMARC@#$OPENDMARC#g" -e "s#@OPENDMARC_ENFORCING@#$OPENDMARC_ENFORCING#g" -e "s#@RESOLVER@#$RESOLVER#g" \
    -e "s#@MX_OPENDMARC@#$MX_OPENDMARC#g" -e "s#@MX_OPENDMARC_ENFORCING@#$MX_OPENDMARC_ENFORCING#g" "$here/$1" >"$2"
}

certificates() {
  local tls=$DIR/tls
  local key=(-newkey rsa:2048)
  [ -e "$tls/peer.crt" ] && return
  [ "${PEERS_KEY:-rsa}" != ec ] || key=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1)
  openssl req -x509 "${key[@]}" -nodes -days 3650 -subj "/CN=Interop test CA" \
    -keyout "$tls/ca.key" -out "$tls/ca.crt" 2>/dev/null
  openssl req -new "${key[@]}" -nodes -subj "/CN=mx.peer.test" -keyout "$tls/peer.key" -out "$tls/peer.csr" 2>/dev/null
  openssl x509 -req -in "$tls/peer.csr" -CA "$tls/ca.crt" -CAkey "$tls/ca.key" -CAcreateserial -days 3650 \
    -out "$tls/peer.crt" -extfile <(echo "subjectAltName=DNS:mx.peer.test,DNS:localhost,IP:127.0.0.1") 2>/dev/null
}

# DKIM keys: RSA selector s1 and Ed25519 selector e1 for both domains.
dkim_keys() {
  local name
  for name in peer posthorn; do [ -e "$DIR/dkim/$name.s1.pem" ] || openssl genrsa -out "$DIR/dkim/$name.s1.pem" 2048 2>/dev/null; done
  for name in peer posthorn; do [ -e "$DIR/dkim/$name.e1.pem" ] || openssl genpkey -algorithm ed25519 -out "$DIR/dkim/$name.e1.pem"; done
  for name in 512 1024; do [ -e "$DIR/dkim/peer.$name.pem" ] || openssl genrsa -out "$DIR/dkim/peer.$name.pem" $name 2>/dev/null; done
  cp "$DIR/dkim/peer.s1.pem" "$DIR/dkim/run/s1.pem"
  chown -R opendkim: "$DIR/dkim/run"; chmod 600 "$DIR/dkim/run/s1.pem"
  echo 192.0.2.1 >"$DIR/dkim/internal" # nobody: sign only authenticated mail, verify the rest
  {
    peer_keys | sed 's/ /._domainkey.peer.test /'
    echo "s1._domainkey.posthorn.test v=DKIM1; k=rsa; p=$(rsa_public posthorn.s1)"
    echo "e1._domainkey.posthorn.test v=DKIM1; k=ed25519; p=$(ed25519_public posthorn.e1)"
    for name in $DMARC_SIGNERS; do echo "s1._domainkey.$name.test v=DKIM1; k=rsa; p=$(rsa_public peer.s1)"; done
  } >"$DIR/dkim/keys.txt"
}
# What peer.test publishes, a selector and its record a line: good keys first, then those that verifiers must take with care.
peer_keys() {
  local rsa
  rsa=$(rsa_public peer.s1)
  cat <<K
s1 v=DKIM1; k=rsa; p=$rsa
e1 v=DKIM1; k=ed25519; p=$(ed25519_public peer.e1)
k1024 v=DKIM1; k=rsa; p=$(rsa_public peer.1024)
k512 v=DKIM1; k=rsa; p=$(rsa_public peer.512)
bare p=$rsa
revoked v=DKIM1; k=rsa; p=
testing v=DKIM1; k=rsa; t=y; p=$rsa
strict v=DKIM1; k=rsa; t=s; p=$rsa
sha1 v=DKIM1; k=rsa; h=sha1; p=$rsa
other v=DKIM1; k=rsa; s=other; p=$rsa
kind v=DKIM1; k=unknown; p=$rsa
version v=DKIM9; k=rsa; p=$rsa
late k=rsa; p=$rsa; v=DKIM1
broken v=DKIM1; k=rsa; p=bm9uZQ==
words hello world
K
}
rsa_public() { openssl rsa -in "$DIR/dkim/$1.pem" -pubout -outform DER 2>/dev/null | base64 -w0; }
ed25519_public() { openssl pkey -in "$DIR/dkim/$1.pem" -pubout -outform DER | tail -c 32 | base64 -w0; }
txt() { fold -w 200 <<<"$1" | sed 's/.*/"&"/' | tr '\n' ' '; }

# Domains of dmarc.zone that sign, with the RSA key of peer.test.
DMARC_SIGNERS="watch hold refuse sub.refuse other.refuse own.refuse strict sub.strict further one.suffix two.suffix one.co two.co
  stranger.co xn--bcher-kva"

zone() { # NAME, records on standard input
  { printf '$TTL 60\n@ 60 SOA ns.peer.test. root.peer.test. 1 60 60 600 60\n@ 60 NS ns.peer.test.\n'; cat; } >"$DIR/dns/$1.zone"
}
zones() {
  local name
  zone peer.test <<Z
@ A 127.0.0.1
@ MX 10 mx.peer.test.
mx A 127.0.0.1
ns A 127.0.0.1
@ TXT "v=spf1 ip4:127.0.0.1 -all"
_dmarc TXT "v=DMARC1; p=reject"
asks.test._report._dmarc TXT "v=DMARC1"
$(peer_keys | while read -r selector record; do echo "$selector._domainkey TXT $(txt "$record")"; done)
Z
  zone posthorn.test <<Z
@ A 127.0.0.1
@ MX 10 mx.posthorn.test.
mx A 127.0.0.1
@ TXT "v=spf1 ip4:127.0.0.1 -all"
s1._domainkey TXT $(txt "v=DKIM1; k=rsa; p=$(rsa_public posthorn.s1)")
e1._domainkey TXT "v=DKIM1; k=ed25519; p=$(ed25519_public posthorn.e1)"
Z
  # Wants reports about mail in its name and about TLS at its server, which is Postfix.
  zone asks.test <<Z
@ A 127.0.0.1
@ MX 10 mx.peer.test.
@ TXT "v=spf1 ip4:127.0.0.1 -all"
_dmarc TXT "v=DMARC1; p=none; rua=mailto:user11@peer.test"
_smtp._tls TXT "v=TLSRPTv1; rua=mailto:user12@peer.test,https://localhost:$HTTPS/v1/tlsrpt"
Z
  zone plain.test <<<'@ A 127.0.0.1'
  zone nomx.test <<<'@ MX 0 .'
  # Nobody may send for these; what is wanted done about it differs.
  zone reject.test <<<$'@ TXT "v=spf1 -all"\n_dmarc TXT "v=DMARC1; p=reject"'
  zone soft.test <<<$'@ TXT "v=spf1 -all"\n_dmarc TXT "v=DMARC1; p=none"'
  zone quarantine.test <<<$'@ TXT "v=spf1 -all"\n_dmarc TXT "v=DMARC1; p=quarantine"'
  { # What OpenDMARC is compared with us by; servfail.test, without a file, fails.
    cat "$here/dmarc.zone"
    for name in $DMARC_SIGNERS; do echo "s1._domainkey.$name TXT $(txt "v=DKIM1; k=rsa; p=$(rsa_public peer.s1)")"; done
  } | zone test
  zone 127.in-addr.arpa <<<'1.0.0 PTR mx.peer.test.'
  zone root <<<'localhost. A 127.0.0.1' # everything else: NXDOMAIN, at once
}

users() {
  local i
  for i in $(seq "$USERS"); do echo "user$i@peer.test:{PLAIN}secret-$i"; done >"$DIR/dovecot/users"
  for i in $(seq "$USERS"); do echo "user$i@peer.test x"; done >"$DIR/postfix/mailboxes"
  # An address outside ASCII, so that SMTPUTF8 can be tried both ways.
  echo "jörg@peer.test x" >>"$DIR/postfix/mailboxes"
  echo "jörg@peer.test user1@peer.test" >"$DIR/postfix/aliases"
  echo "postmaster@peer.test user1@peer.test" >>"$DIR/postfix/aliases"
  # Sends what we have forwarded back to us, where it is forwarded again.
  echo "back@peer.test again@posthorn.test" >>"$DIR/postfix/aliases"
  { echo "posthorn.test smtp:[127.0.0.1]:${POSTHORN_PORT:-2525}"
    echo "lmtp-tcp.test lmtp:inet:127.0.0.1:${POSTHORN_LMTP_PORT:-2524}"
    echo "lmtp-unix.test lmtp:unix:$DIR/run/posthorn-lmtp"
  } >"$DIR/postfix/transport"
}

prepare() {
  mkdir -p "$DIR"/{tls,dkim/run,dns/db,dovecot/run,dovecot/state,postfix,postfix-data,spool,run,mail,log}
  chmod 755 "$DIR" "$DIR"/{dkim,dkim/run,run,log}
  command install -d -g postfix -m 2750 "$DIR/spool/posthorn" # as docs/milter.md says
  chown $VUID:$VUID "$DIR/mail"; chown postfix "$DIR/postfix-data"
  certificates; dkim_keys; zones; users
  fill main.cf "$DIR/postfix/main.cf"; fill master.cf "$DIR/postfix/master.cf"; fill dovecot.conf "$DIR/dovecot/dovecot.conf"
  fill opendkim.conf "$DIR/dkim/opendkim.conf"; fill knot.conf "$DIR/dns/knot.conf"
}

ports() { echo $DNS $SMTP $SUBMISSION $SUBMISSIONS $IMAP $IMAPS $POP3 $POP3S $LMTP $MILTER $MX_OURS $SUBMISSION_OURS $SUBMISSION_OURS_2 $MX_UNIX; }
up() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
await() { # PORT: until it is up, 10 seconds at most
  for _ in $(seq 200); do up "$1" && return 0; sleep 0.05; done
  echo "peers.sh: port $1 is not up; see $DIR/log" >&2
  return 1
}

start() {
  install; prepare
  { # Output to a file: a daemon would keep the caller's pipe open.
    knotd -c "$DIR/dns/knot.conf" -d
    dovecot -c "$DIR/dovecot/dovecot.conf"
    opendkim -x "$DIR/dkim/opendkim.conf"
    postfix -c "$DIR/postfix" start
  } >"$DIR/log/start.log" 2>&1 </dev/null || { cat "$DIR/log/start.log" >&2; return 1; }
  local port
  for port in $(ports); do await "$port"; done
}

# In a mount namespace of its own, where resolv.conf names Knot.
opendmarc() {
  local name
  command install -d -o opendmarc "$DIR/dmarc"
  echo "nameserver $RESOLVER" >"$DIR/dmarc/resolv.conf"
  # What is public here: OpenDMARC reads no list of Debian's.
  printf 'test\nco.test\n' >"$DIR/dmarc/suffixes"
  for name in watching enforcing; do fill opendmarc.conf "$DIR/dmarc/$name.conf"; done
  sed -i "s/^Socket .*/Socket inet:$OPENDMARC_ENFORCING@127.0.0.1/; s/watching/enforcing/; s/^\\(Reject.*\\|Hold.*\\) false/\\1 true/" \
    "$DIR/dmarc/enforcing.conf"
  for name in watching enforcing; do
    unshare --mount sh -c 'mount --bind "$1/resolv.conf" /etc/resolv.conf && exec opendmarc -c "$1/$2.conf"' sh "$DIR/dmarc" $name \
      >"$DIR/log/opendmarc.log" 2>&1 </dev/null || { cat "$DIR/log/opendmarc.log" >&2; return 1; }
  done
  await $OPENDMARC; await $OPENDMARC_ENFORCING
}

pids() { # the root process of each daemon
  local file
  for file in dns/knot dovecot/run/master dkim/run/opendkim spool/pid/master; do
    if [ -e "$DIR/$file.pid" ]; then tr -d ' \n' <"$DIR/$file.pid"; echo; fi
  done
}

stop() {
  local all pid file
  all=$(pids)
  postfix -c "$DIR/postfix" stop 2>/dev/null || true
  dovecot -c "$DIR/dovecot/dovecot.conf" stop 2>/dev/null || true
  [ ! -e "$DIR/dkim/run/opendkim.pid" ] || kill "$(cat "$DIR/dkim/run/opendkim.pid")" 2>/dev/null || true
  for file in "$DIR"/dmarc/*.pid; do
    [ -e "$file" ] || continue
    pid=$(cat "$file") # the file stays when OpenDMARC ends
    [ "$(cat "/proc/$pid/comm" 2>/dev/null)" != opendmarc ] || { all+=" $pid"; kill "$pid" 2>/dev/null || true; }
    rm -f "$file"
  done
  [ ! -e "$DIR/dns/knot.pid" ] || kill "$(cat "$DIR/dns/knot.pid")" 2>/dev/null || true
  for pid in $all; do for _ in $(seq 200); do [ -d "/proc/$pid" ] || break; sleep 0.05; done; done
}

status() {
  local port bad=0
  for port in $(ports); do if up "$port"; then echo "127.0.0.1:$port up"; else echo "127.0.0.1:$port DOWN"; bad=1; fi; done
  return $bad
}

case ${1:-} in
  install | start | opendmarc | stop | status | pids) "$1" ;;
  clean) stop; rm -rf "$DIR/mail" "$DIR/spool" "$DIR/log" ;;
  *) sed -n '2,8p' "${BASH_SOURCE[0]}"; exit 2 ;;
esac
