-- What an MTA does, by miltertest: the filter on the port given with -D port=N signs a message of a client that has logged
-- in and leaves that of a stranger alone, on one connection.
local function check(err, what)
  if err ~= nil then error(what .. ": " .. tostring(err)) end
end

local function message(conn, from)
  check(mt.mailfrom(conn, "<" .. from .. ">"), "mailfrom")
  check(mt.header(conn, "From", from), "header")
  check(mt.header(conn, "Subject", "miltertest"), "header")
  check(mt.eoh(conn), "eoh")
  if mt.getreply(conn) == SMFIR_ACCEPT then return end
  check(mt.bodystring(conn, "first line\r\n"), "body")
  check(mt.bodystring(conn, "second line\r\n"), "body")
  check(mt.eom(conn), "eom")
end

local conn = mt.connect("inet:" .. port .. "@127.0.0.1")
if conn == nil then error("no connection") end
check(mt.negotiate(conn, nil, nil, nil), "negotiate")
check(mt.conninfo(conn, "client.example", "203.0.113.1"), "conninfo")
check(mt.helo(conn, "client.example"), "helo")

check(mt.macro(conn, SMFIC_MAIL, "i", "4STRANGER", "{mail_addr}", "x"), "macro")
message(conn, "user1@peer.test")
if mt.getreply(conn) ~= SMFIR_ACCEPT then error("a stranger's mail is not left alone") end
check(mt.abort(conn), "abort")

check(mt.macro(conn, SMFIC_MAIL, "i", "4OURS", "{auth_type}", "PLAIN", "{auth_authen}", "user1"), "macro")
message(conn, "user1@peer.test")
if mt.getreply(conn) ~= SMFIR_CONTINUE then error("reply to ours: " .. mt.getreply(conn)) end
if not mt.eom_check(conn, MT_HDRINSERT, "DKIM-Signature") then error("not signed") end
mt.echo(mt.getheader(conn, "DKIM-Signature", 0))
mt.disconnect(conn)
