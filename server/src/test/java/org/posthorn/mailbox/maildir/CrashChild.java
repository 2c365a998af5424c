package org.posthorn.mailbox.maildir;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.posthorn.mail.MessageContent;
import org.posthorn.mailbox.AccountMail;
import org.posthorn.mailbox.Appender;
import org.posthorn.mailbox.FlagChange;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.mailbox.Message;

/** Works on a mailbox until it is killed, and says on its standard output what was promised to it, a line for each promise. */
public final class CrashChild {
    private CrashChild() {}

    /** Arguments: the store's directory, a number that no other run has. */
    public static void main(String[] arguments) throws Exception {
        int run = Integer.parseInt(arguments[1]);
        Random random = new Random(run);
        PrintStream out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), false, US_ASCII);
        MaildirFixture fixture = new MaildirFixture(Path.of(arguments[0]));
        AccountMail mail = fixture.mail();
        Mailbox inbox = fixture.inbox();
        say(out, "ready");
        for (int step = 0; ; step++) {
            String subject = "R" + run + "S" + step;
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    deliver(fixture, subject);
                    say(out, "there " + subject);
                }
                case 2, 3 -> {
                    long uid = append(mail, subject);
                    say(out, "there " + subject);
                    say(out, "uid " + uid + " " + subject);
                }
                case 4 -> {
                    List<Message> messages = inbox.messages();
                    if (!messages.isEmpty()) {
                        Message one = messages.get(random.nextInt(messages.size()));
                        Flags flags = Flags.of(random.nextInt(32));
                        inbox.store(List.of(one.uid()), new FlagChange(FlagChange.Mode.REPLACE, flags));
                        say(out, "flags " + one.uid() + " " + flags.system());
                    }
                }
                default -> {
                    List<Message> messages = inbox.messages();
                    if (messages.size() > 20) {
                        long uid = messages.get(random.nextInt(messages.size())).uid();
                        say(out, "going " + uid);
                        inbox.expunge(List.of(uid));
                    }
                }
            }
            for (Message message : inbox.changesSince(0).changed()) {
                if (message.uid() >= inbox.uidNext() - 3) {
                    String text = MaildirFixture.text(inbox, message.uid());
                    say(out, "uid " + message.uid() + " " + text.substring(9, text.indexOf('\r')));
                }
            }
        }
    }

    private static void say(PrintStream out, String line) {
        out.println(line);
        out.flush();
    }

    private static void deliver(MaildirFixture fixture, String subject) throws Exception {
        fixture.store()
                .deliver(
                        MaildirFixture.ALICE,
                        MailboxName.INBOX,
                        subject,
                        "Subject: ".getBytes(US_ASCII),
                        MessageContent.of((subject + "\r\n\r\nbody\r\n").getBytes(US_ASCII)),
                        System.currentTimeMillis(),
                        Flags.NONE,
                        false);
    }

    private static long append(AccountMail mail, String subject) throws Exception {
        try (Appender appender = mail.append(MailboxName.INBOX, Flags.NONE, Optional.empty(), 0)) {
            byte[] text = ("Subject: " + subject + "\r\n\r\nbody\r\n").getBytes(US_ASCII);
            appender.write(text, 0, text.length);
            return appender.commit().uid();
        }
    }
}
