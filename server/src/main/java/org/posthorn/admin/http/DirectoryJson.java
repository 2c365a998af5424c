package org.posthorn.admin.http;

import java.util.Optional;
import org.posthorn.admin.AccountAdmin;
import org.posthorn.admin.AliasAdmin;
import org.posthorn.admin.DomainAdmin;
import org.posthorn.json.JsonArray;
import org.posthorn.json.JsonObject;
import org.posthorn.json.JsonValue;
import org.posthorn.json.MalformedJsonException;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;

/** Domains, accounts and aliases as JSON, and back. */
final class DirectoryJson {
    private DirectoryJson() {}

    static JsonObject of(DomainAdmin.DomainEntry domain) {
        return JsonObject.builder()
                .put("domain", domain.domain().name())
                .put("accounts", domain.accounts())
                .put("selectors", JsonArray.ofTexts(domain.selectors()))
                .build();
    }

    static DomainAdmin.DomainEntry domain(JsonValue value) {
        JsonObject json = AdminJson.object(value);
        return new DomainAdmin.DomainEntry(
                Domain.parse(AdminJson.text(json, "domain")),
                AdminJson.count(json, "accounts"),
                AdminJson.texts(json, "selectors"));
    }

    static JsonObject of(AccountAdmin.AccountEntry account) {
        return JsonObject.builder()
                .put("address", account.address().toString())
                .put("sendsAs", JsonArray.ofTexts(AdminJson.texts(account.sendsAs())))
                .build();
    }

    static AccountAdmin.AccountEntry account(JsonValue value) {
        JsonObject json = AdminJson.object(value);
        return new AccountAdmin.AccountEntry(
                Address.parse(AdminJson.text(json, "address")), AdminJson.addresses(json, "sendsAs"));
    }

    static JsonObject of(AccountAdmin.Added added) {
        return JsonObject.builder()
                .put("address", added.address().toString())
                .putIfPresent("formerMail", added.formerMail())
                .build();
    }

    static AccountAdmin.Added added(JsonObject json) {
        return new AccountAdmin.Added(Address.parse(AdminJson.text(json, "address")), json.text("formerMail"));
    }

    static JsonObject of(AccountAdmin.Removed removed) {
        return switch (removed) {
            case AccountAdmin.Removed.WithoutMail() -> mail("none", "place", Optional.empty());
            case AccountAdmin.Removed.MailMoved(String place) -> mail("moved", "place", Optional.of(place));
            case AccountAdmin.Removed.MailStuck(String reason) -> mail("stuck", "reason", Optional.of(reason));
        };
    }

    private static JsonObject mail(String what, String name, Optional<String> text) {
        return JsonObject.builder().put("mail", what).putIfPresent(name, text).build();
    }

    static AccountAdmin.Removed removed(JsonObject json) {
        String what = AdminJson.text(json, "mail");
        return switch (what) {
            case "none" -> new AccountAdmin.Removed.WithoutMail();
            case "moved" -> new AccountAdmin.Removed.MailMoved(AdminJson.text(json, "place"));
            case "stuck" -> new AccountAdmin.Removed.MailStuck(AdminJson.text(json, "reason"));
            default -> throw new MalformedJsonException("\"mail\" is none, moved or stuck; not " + what);
        };
    }

    static JsonObject of(AliasAdmin.AliasEntry alias) {
        return JsonObject.builder()
                .put("alias", alias.name())
                .put("targets", JsonArray.ofTexts(AdminJson.texts(alias.targets())))
                .build();
    }

    static AliasAdmin.AliasEntry alias(JsonValue value) {
        JsonObject json = AdminJson.object(value);
        return new AliasAdmin.AliasEntry(AdminJson.text(json, "alias"), AdminJson.addresses(json, "targets"));
    }
}
