package org.posthorn.protocol.milter;

import java.util.Map;
import java.util.TreeMap;

/** What a filter tells the MTA. Text is ISO 8859-1, one char per octet. */
public sealed interface MilterReply {
    /** The packet, ready to be sent. */
    byte[] packet();

    /** Replies that say nothing more; all but {@link #PROGRESS} answer a command. */
    enum Simple implements MilterReply {
        /** SMFIR_CONTINUE: go on; after the end of a message: take it as it has been changed. */
        CONTINUE('c'),
        /** SMFIR_ACCEPT: take the message, or all of the connection, without asking further. */
        ACCEPT('a'),
        REJECT('r'),
        /** SMFIR_TEMPFAIL. */
        DEFER('t'),
        /** SMFIR_DISCARD: say that it is taken, and drop it. */
        DISCARD('d'),
        /** SMFIR_SKIP: send no more of this step. */
        SKIP('s'),
        /** SMFIR_PROGRESS: it takes a while. */
        PROGRESS('p');

        private final char letter;

        Simple(char letter) {
            this.letter = letter;
        }

        @Override
        public byte[] packet() {
            return new PacketWriter(letter).packet();
        }
    }

    /**
     * SMFIC_OPTNEG in the other direction.
     *
     * @param macros names for each stage with spaces between them, in place of those that the MTA would send; only where
     *     {@link MilterOptions.Action#SET_MACROS} was agreed on
     */
    record Negotiate(MilterOptions options, Map<MilterStage, String> macros) implements MilterReply {
        public Negotiate {
            macros = Map.copyOf(macros);
        }

        @Override
        public byte[] packet() {
            PacketWriter writer = new PacketWriter('O')
                    .number(options.version())
                    .number(options.actions())
                    .number(options.steps());
            new TreeMap<>(macros)
                    .forEach((stage, names) -> writer.number(stage.number()).text(names));
            return writer.packet();
        }
    }

    /** SMFIR_REPLYCODE: refuse with this SMTP reply, {@code "550 5.7.1 text"}; 4xx or 5xx, one line of ASCII. */
    record Refuse(String reply) implements MilterReply {
        public Refuse {
            if (!reply.matches("[45]\\d\\d [45]\\.\\d{1,3}\\.\\d{1,3} [\\x20-\\x7e]+")) {
                throw new IllegalArgumentException("not an SMTP refusal: " + reply);
            }
        }

        @Override
        public byte[] packet() {
            // The MTA takes the text for a format, as libmilter's smfi_setreply says.
            return new PacketWriter('y').text(reply.replace("%", "%%")).packet();
        }
    }

    /** SMFIR_ADDHEADER: at the end of the header. */
    record AddHeader(String name, String value) implements MilterReply {
        @Override
        public byte[] packet() {
            return new PacketWriter('h').text(name).text(value).packet();
        }
    }

    /**
     * SMFIR_INSHEADER.
     *
     * @param index 0 for the top; 1 for right below the Received field of the MTA itself, which it does not show
     */
    record InsertHeader(int index, String name, String value) implements MilterReply {
        @Override
        public byte[] packet() {
            return new PacketWriter('i').number(index).text(name).text(value).packet();
        }
    }

    /**
     * SMFIR_CHGHEADER.
     *
     * @param index among the fields of that name, from 1
     * @param value "" removes the field
     */
    record ChangeHeader(int index, String name, String value) implements MilterReply {
        @Override
        public byte[] packet() {
            return new PacketWriter('m').number(index).text(name).text(value).packet();
        }
    }

    /** SMFIR_QUARANTINE: hold the message until somebody looks at it. */
    record Quarantine(String reason) implements MilterReply {
        @Override
        public byte[] packet() {
            return new PacketWriter('q').text(reason).packet();
        }
    }
}
