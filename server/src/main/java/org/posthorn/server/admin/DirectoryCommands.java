package org.posthorn.server.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.posthorn.directory.Alias;
import org.posthorn.directory.Directory;
import org.posthorn.directory.DirectoryEditor;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.signing.DkimKeyRing;

/** The commands that show and change domains, accounts and aliases. */
public final class DirectoryCommands {
    private static final int MAX_TARGETS = 60;

    private final Directory directory;
    private final DirectoryEditor editor;
    private final DkimKeyRing keys;
    private final HostedDomains hosted;
    private final FormerMail mail;

    /** Takes mail from a name, so that whoever gets the name does not get it. */
    @FunctionalInterface
    public interface FormerMail {
        /** Moves the mail of an account that is not there any more, and says where to; empty where there is none. */
        Optional<String> setAside(Address account) throws IOException;
    }

    private DirectoryCommands(Directory directory, DirectoryEditor editor, DkimKeyRing keys, FormerMail mail) {
        this.mail = mail;
        this.directory = directory;
        this.editor = editor;
        this.keys = keys;
        this.hosted = new HostedDomains(directory, editor, keys);
    }

    public static void addTo(
            CommandTable table, Directory directory, DirectoryEditor editor, DkimKeyRing keys, FormerMail mail) {
        DirectoryCommands commands = new DirectoryCommands(directory, editor, keys, mail);
        table.add("domain add", 1, 1, arguments -> commands.addDomain(Domain.parse(arguments.getFirst())))
                .add("domain list", 0, 0, _ -> commands.domains())
                .add("domain remove", 1, 1, arguments -> commands.removeDomain(Domain.parse(arguments.getFirst())))
                .add("account add", 2, 2, arguments -> commands.addAccount(arguments.get(0), arguments.get(1)))
                .add("account list", 0, 1, arguments -> commands.accounts(domain(arguments)))
                .add("account password", 2, 2, arguments -> commands.changePassword(arguments.get(0), arguments.get(1)))
                .add("account remove", 1, 1, arguments -> commands.removeAccount(Address.parse(arguments.getFirst())))
                .add("alias add", 2, MAX_TARGETS, commands::addAlias)
                .add("alias list", 0, 1, arguments -> commands.aliases(domain(arguments)))
                .add("alias remove", 1, 1, arguments -> commands.removeAlias(arguments.getFirst()));
    }

    private static Optional<Domain> domain(List<String> arguments) {
        return arguments.stream().findFirst().map(Domain::parse);
    }

    private AdminReply addDomain(Domain domain) {
        hosted.add(domain);
        List<String> lines = new ArrayList<>();
        lines.add("domain " + domain + " added; publish its DKIM keys, which sign once they are seen in DNS:");
        keys.toPublish(domain).forEach(key -> lines.add(key.zoneLine()));
        return AdminReply.done(String.join("\n", lines));
    }

    private AdminReply domains() {
        return AdminReply.table(
                List.of("domain", "accounts", "dkim selectors"),
                directory.domains().stream()
                        .map(domain -> List.of(
                                domain.name(), String.valueOf(accountsOf(domain).count()), selectors(domain)))
                        .toList());
    }

    private Stream<Address> accountsOf(Domain domain) {
        return directory.accounts().stream().filter(account -> account.domain().equals(domain));
    }

    private String selectors(Domain domain) {
        return String.join(
                ",", keys.signing(domain).stream().map(key -> key.selector()).toList());
    }

    private AdminReply removeDomain(Domain domain) {
        hosted.remove(domain);
        return AdminReply.done("domain " + domain + " removed");
    }

    private AdminReply addAccount(String address, String password) {
        Address account = Address.parse(address).canonical();
        Optional<String> former = Optional.empty();
        try {
            if (!directory.isAccount(account)) {
                former = mail.setAside(account);
            }
        } catch (IOException e) {
            return AdminReply.failed("nothing changed: mail of a former account " + account
                    + " is there and cannot be moved aside: " + e);
        }
        editor.addAccount(account, password);
        return AdminReply.done("account " + account + " added"
                + former.map(place -> "; mail of a former account of that name was moved to " + place)
                        .orElse(""));
    }

    private AdminReply accounts(Optional<Domain> domain) {
        return AdminReply.table(
                List.of("account", "sends as"),
                directory.accounts().stream()
                        .filter(account -> domain.isEmpty() || account.domain().equals(domain.get()))
                        .map(account -> List.of(
                                account.toString(),
                                String.join(
                                        ",",
                                        directory.senders(account).stream()
                                                .map(Address::toString)
                                                .sorted()
                                                .toList())))
                        .toList());
    }

    private AdminReply changePassword(String address, String password) {
        editor.changePassword(Address.parse(address), password);
        return AdminReply.done("password of " + address + " changed; sessions logged in with the former one end");
    }

    private AdminReply removeAccount(Address account) {
        editor.removeAccount(account);
        try {
            return AdminReply.done("account " + account + " removed, its sessions end; "
                    + mail.setAside(account)
                            .map(place ->
                                    "its mail was moved to " + place + ", delete it when nobody needs it any more")
                            .orElse("it had no mail"));
        } catch (IOException e) {
            return AdminReply.done(
                    "account " + account + " removed, its sessions end; its mail could not be moved aside (" + e
                            + ") and will be before the name is given again");
        }
    }

    private AdminReply addAlias(List<String> arguments) {
        Alias alias = Alias.of(
                arguments.getFirst(),
                arguments.stream().skip(1).map(Address::parse).toList());
        editor.putAlias(alias);
        return AdminReply.done("alias " + alias.name() + " added");
    }

    private AdminReply aliases(Optional<Domain> domain) {
        return AdminReply.table(
                List.of("alias", "targets"),
                directory.aliases().stream()
                        .filter(alias -> domain.isEmpty() || alias.domain().equals(domain.get()))
                        .map(alias -> List.of(
                                alias.name(),
                                String.join(
                                        " ",
                                        alias.targets().stream()
                                                .map(Address::toString)
                                                .toList())))
                        .toList());
    }

    private AdminReply removeAlias(String name) {
        editor.removeAlias(name);
        return AdminReply.done("alias " + name + " removed");
    }
}
