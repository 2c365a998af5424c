package org.posthorn.server.milter;

import java.time.InstantSource;
import org.posthorn.flow.submission.DkimSigners;
import org.posthorn.log.MailLog;

/** What a session works with. */
public record MilterServices(DkimSigners signers, InstantSource clock, MailLog log) {}
