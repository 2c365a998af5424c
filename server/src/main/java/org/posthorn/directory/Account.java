package org.posthorn.directory;

import org.posthorn.mail.Address;
import org.posthorn.protocol.sasl.ScramKeys;

/** An account and what proves a login; holds no password. */
record Account(Address address, PasswordHash hash, ScramKeys keys) {}
