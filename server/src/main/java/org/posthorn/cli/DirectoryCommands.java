package org.posthorn.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.posthorn.admin.AccountAdmin;
import org.posthorn.admin.AdminApi;
import org.posthorn.admin.AdminException;
import org.posthorn.admin.AliasAdmin;
import org.posthorn.admin.DkimAdmin;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code posthorn domain}, {@code posthorn account} and {@code posthorn alias}. */
final class DirectoryCommands {
    private DirectoryCommands() {}

    static CommandLine domain(Program program) {
        return AdminCommands.group("domain", "Domains that mail is received for.")
                .addSubcommand(AdminCommands.plain(
                        program,
                        "add",
                        "Add a domain; makes its DKIM keys and prints their DNS records.",
                        DirectoryCommands::addDomain,
                        "DOMAIN"))
                .addSubcommand(
                        AdminCommands.plain(program, "list", "List the domains.", DirectoryCommands::listDomains))
                .addSubcommand(AdminCommands.plain(
                        program,
                        "remove",
                        "Remove a domain without accounts.",
                        DirectoryCommands::removeDomain,
                        "DOMAIN"));
    }

    static CommandLine account(Program program) {
        return AdminCommands.group("account", "Accounts: a mailbox and a login each.")
                .addSubcommand(
                        new CommandLine(new WithPassword(program, DirectoryCommands::addAccount)).setCommandName("add"))
                .addSubcommand(AdminCommands.plain(
                        program,
                        "list",
                        "List the accounts, of one domain or of all.",
                        DirectoryCommands::listAccounts,
                        "[DOMAIN]"))
                .addSubcommand(new CommandLine(new WithPassword(program, DirectoryCommands::changePassword))
                        .setCommandName("password"))
                .addSubcommand(AdminCommands.plain(
                        program,
                        "remove",
                        "Remove an account; its sessions end, its mail is moved aside.",
                        DirectoryCommands::removeAccount,
                        "ADDRESS"));
    }

    static CommandLine alias(Program program) {
        return AdminCommands.group("alias", "Addresses that are delivered elsewhere.")
                .addSubcommand(AdminCommands.plain(
                        program,
                        "add",
                        "Deliver mail for ADDRESS (or @DOMAIN) to the targets.",
                        DirectoryCommands::addAlias,
                        "ADDRESS",
                        "TARGET..."))
                .addSubcommand(AdminCommands.plain(
                        program,
                        "list",
                        "List the aliases, of one domain or of all.",
                        DirectoryCommands::listAliases,
                        "[DOMAIN]"))
                .addSubcommand(AdminCommands.plain(
                        program, "remove", "Remove an alias.", DirectoryCommands::removeAlias, "ADDRESS"));
    }

    private static Optional<Domain> domain(List<String> arguments) {
        return arguments.stream().findFirst().map(Domain::parse);
    }

    private static void addDomain(AdminApi admin, List<String> arguments) throws AdminException, IOException {
        Domain domain = Domain.parse(arguments.getFirst());
        List<DkimAdmin.Key> keys = admin.domains().add(domain);
        System.out.println("domain " + domain + " added; publish its DKIM keys, which sign once they are seen in DNS:");
        keys.forEach(key -> System.out.println(key.zoneLine()));
    }

    private static void listDomains(AdminApi admin, List<String> arguments) throws AdminException, IOException {
        Table table = new Table(System.out, List.of("domain", "accounts", "dkim selectors"));
        admin.domains()
                .list(domain -> table.row(List.of(
                        domain.domain().name(),
                        String.valueOf(domain.accounts()),
                        String.join(",", domain.selectors()))));
        table.end();
    }

    private static void removeDomain(AdminApi admin, List<String> arguments) throws AdminException, IOException {
        Domain domain = Domain.parse(arguments.getFirst());
        admin.domains().remove(domain);
        System.out.println("domain " + domain + " removed");
    }

    private static void listAccounts(AdminApi admin, List<String> arguments) throws AdminException, IOException {
        Table table = new Table(System.out, List.of("account", "sends as"));
        admin.accounts()
                .list(
                        domain(arguments),
                        account -> table.row(List.of(account.address().toString(), joined(",", account.sendsAs()))));
        table.end();
    }

    private static String joined(String separator, List<Address> addresses) {
        return String.join(separator, addresses.stream().map(Address::toString).toList());
    }

    private static void removeAccount(AdminApi admin, List<String> arguments) throws AdminException, IOException {
        Address account = Address.parse(arguments.getFirst());
        String mail = switch (admin.accounts().remove(account)) {
            case AccountAdmin.Removed.WithoutMail() -> "it had no mail";
            case AccountAdmin.Removed.MailMoved(String place) ->
                "its mail was moved to " + place + ", delete it when nobody needs it any more";
            case AccountAdmin.Removed.MailStuck(String reason) ->
                "its mail could not be moved aside (" + reason + ") and will be before the name is given again";
        };
        System.out.println("account " + account + " removed, its sessions end; " + mail);
    }

    private static void addAlias(AdminApi admin, List<String> arguments) throws AdminException, IOException {
        List<Address> targets = new ArrayList<>();
        arguments.stream().skip(1).map(Address::parse).forEach(targets::add);
        AliasAdmin.AliasEntry alias = admin.aliases()
                .put(new AliasAdmin.AliasEntry(arguments.getFirst(), targets))
                .value();
        System.out.println("alias " + alias.name() + " added");
    }

    private static void listAliases(AdminApi admin, List<String> arguments) throws AdminException, IOException {
        Table table = new Table(System.out, List.of("alias", "targets"));
        admin.aliases()
                .list(domain(arguments), alias -> table.row(List.of(alias.name(), joined(" ", alias.targets()))));
        table.end();
    }

    private static void removeAlias(AdminApi admin, List<String> arguments) throws AdminException, IOException {
        admin.aliases().remove(arguments.getFirst());
        System.out.println("alias " + arguments.getFirst() + " removed");
    }

    /** Does something with an account and a password. */
    @FunctionalInterface
    private interface PasswordAction {
        void run(AdminApi admin, String address, String password) throws AdminException, IOException;
    }

    private static void addAccount(AdminApi admin, String address, String password) throws AdminException, IOException {
        AccountAdmin.Added added = admin.accounts().add(Address.parse(address), password);
        System.out.println("account " + added.address() + " added"
                + added.formerMail()
                        .map(place -> "; mail of a former account of that name was moved to " + place)
                        .orElse(""));
    }

    private static void changePassword(AdminApi admin, String address, String password)
            throws AdminException, IOException {
        admin.accounts().changePassword(Address.parse(address), password);
        System.out.println("password of " + address + " changed; sessions logged in with the former one end");
    }

    @Command(
            mixinStandardHelpOptions = true,
            description =
                    "Add an account, or change the password of one; the password is asked for, or read with --password-stdin.")
    private static final class WithPassword implements Callable<Integer> {
        private final Program program;
        private final PasswordAction action;

        @Mixin
        private ConfigOption config = new ConfigOption();

        @Option(names = "--password-stdin", description = "read the password from the first line of standard input")
        private boolean passwordFromStandardInput;

        @Parameters(paramLabel = "ADDRESS", description = "the account's mail address, which is also its login name")
        private String address = "";

        WithPassword(Program program, PasswordAction action) {
            this.program = program;
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            String password = PasswordPrompt.ask(passwordFromStandardInput);
            try (AdminApi admin = program.admin(config.file)) {
                action.run(admin, address, password);
            }
            return 0;
        }
    }
}
