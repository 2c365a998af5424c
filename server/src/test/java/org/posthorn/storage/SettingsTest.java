package org.posthorn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SettingsTest {
    @Test
    void sizesOfALogAreBounded() {
        assertThat(CommitLogConfig.DEFAULT).isEqualTo(new CommitLogConfig(16_777_216, 67_108_864, 3));
        assertThat(new CommitLogConfig(4096, 4096, 0).spares()).isZero();
        assertThatIllegalArgumentException().isThrownBy(() -> new CommitLogConfig(4095, 8192, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new CommitLogConfig(4096, 4095, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new CommitLogConfig(4096, 8192, -1));
        assertThat(CommitLog.MAX_RECORD).isEqualTo(8_388_608);
    }

    @Test
    void aFormatHasANameAndVersionsInOrder() {
        assertThat(new DataFormat("spool-index", 1, 1).newest()).isEqualTo(1);
        assertThatIllegalArgumentException().isThrownBy(() -> new DataFormat("Spool", 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new DataFormat("spool", 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new DataFormat("spool", 2, 1));
    }
}
