#!/usr/bin/env python3
"""Takes uploads over HTTPS: the last body goes to a file, a line for each to standard output.
usage: https-sink.py PORT CERTIFICATE KEY FILE"""
import http.server
import ssl
import sys

port, certificate, key, target = sys.argv[1:]


class Sink(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with open(target, "wb") as file:
            file.write(body)
        print("POST", self.path, self.headers["Content-Type"], flush=True)
        self.send_response(201)
        self.send_header("Content-Length", "0")
        self.end_headers()


server = http.server.HTTPServer(("127.0.0.1", int(port)), Sink)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
