package org.posthorn.admin.http;

import java.util.List;
import org.posthorn.admin.DkimAdmin;
import org.posthorn.json.JsonObject;

/** Keys that sign as JSON, and back. Private keys are taken and never shown. */
final class DkimJson {
    private DkimJson() {}

    static JsonObject of(DkimAdmin.Key key) {
        return JsonObject.builder()
                .put("selector", key.selector())
                .put("algorithm", key.algorithm())
                .put("state", key.state())
                .put("since", key.since().toString())
                .putIfPresent("waitsFor", key.waitsFor())
                .put("recordName", key.recordName())
                .put("record", key.record())
                .put("zoneLine", key.zoneLine())
                .build();
    }

    static JsonObject.Builder of(List<DkimAdmin.Key> keys) {
        return JsonObject.builder().put("keys", keys.stream().map(DkimJson::of).toList());
    }

    static DkimAdmin.Key key(JsonObject json) {
        return new DkimAdmin.Key(
                AdminJson.text(json, "selector"),
                AdminJson.text(json, "algorithm"),
                AdminJson.text(json, "state"),
                AdminJson.time(AdminJson.text(json, "since")),
                json.text("waitsFor"),
                AdminJson.text(json, "recordName"),
                AdminJson.text(json, "record"),
                AdminJson.text(json, "zoneLine"));
    }

    static List<DkimAdmin.Key> keys(JsonObject json) {
        return AdminJson.objects(json, "keys").stream().map(DkimJson::key).toList();
    }
}
