-- What an MTA does, by miltertest: the filter on the port given with -D port=N signs a message of a client that has logged
-- in, and verifies that of a stranger.
local function check(err, what)
  if err ~= nil then error(what .. ": " .. tostring(err)) end
end

-- A message with these macros of MAIL; the connection, on which the end of the message has been answered.
local function message(...)
  local conn = mt.connect("inet:" .. port .. "@127.0.0.1")
  if conn == nil then error("no connection") end
  check(mt.negotiate(conn, nil, nil, nil), "negotiate")
  check(mt.conninfo(conn, "client.example", "203.0.113.1"), "conninfo")
  check(mt.helo(conn, "client.example"), "helo")
  check(mt.macro(conn, SMFIC_MAIL, ...), "macro")
  check(mt.mailfrom(conn, "<user1@peer.test>"), "mailfrom")
  check(mt.header(conn, "From", "user1@peer.test"), "header")
  check(mt.header(conn, "Subject", "miltertest"), "header")
  check(mt.eoh(conn), "eoh")
  check(mt.bodystring(conn, "first line\r\n"), "body")
  check(mt.bodystring(conn, "second line\r\n"), "body")
  check(mt.eom(conn), "eom")
  if mt.getreply(conn) ~= SMFIR_CONTINUE then error("reply: " .. mt.getreply(conn)) end
  return conn
end

local stranger = message("i", "4STRANGER")
if mt.eom_check(stranger, MT_HDRINSERT, "DKIM-Signature") then error("a stranger's mail is signed") end
if not mt.eom_check(stranger, MT_HDRINSERT, "Authentication-Results") then error("a stranger's mail is not verified") end
mt.disconnect(stranger)

local ours = message("i", "4OURS", "{auth_type}", "PLAIN", "{auth_authen}", "user1")
if not mt.eom_check(ours, MT_HDRINSERT, "DKIM-Signature") then error("not signed") end
mt.echo(mt.getheader(ours, "DKIM-Signature", 0))
mt.disconnect(ours)
