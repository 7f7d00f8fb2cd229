package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.provider.WireFormat;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.ClientFormat;
import io.plano.translate.neutral.MemberName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What encoders learn of the client's format: facts, and never which one it is. */
class ClientFormatTest {
    @Test
    void doesNotSayWhichFormatItIs() {
        String forbidden = WireFormat.class.getName();
        assertThat(ClientFormat.class.getMethods())
                .noneMatch(method -> method.toString().contains(" " + forbidden + " "));
        assertThat(ChatRequest.class.getRecordComponents())
                .noneMatch(component -> component.getType().getName().equals(forbidden));
    }

    @ParameterizedTest
    @EnumSource
    void knowsItsOwnCodecAlone(WireFormat format) {
        ClientFormat client = Codecs.client(format);
        assertThat(client.is(format)).isTrue();
        assertThat(Codecs.others(format)).noneMatch(client::is);
    }

    @ParameterizedTest
    @EnumSource
    void namesEveryMemberAsItsClientsDo(WireFormat format) {
        for (MemberName member : MemberName.values()) {
            assertThat(Codecs.client(format).name(member)).matches("[a-z_]+(\\.[a-z_]+)*");
        }
    }

    @Test
    void tellsFilesOfTwoCompaniesApart() {
        ClientFormat completions = Codecs.client(WireFormat.COMPLETIONS);
        assertThat(completions.sharesUploadsWith(WireFormat.RESPONSES)).isTrue();
        assertThat(completions.sharesUploadsWith(WireFormat.MESSAGES)).isFalse();
    }

    @Test
    void saysServiceTiersInOneLanguage() {
        ClientFormat messages = Codecs.client(WireFormat.MESSAGES);
        assertThat(messages.serviceTier("standard_only")).isEqualTo("default");
        assertThat(messages.serviceTier("auto")).isEmpty();
        assertThat(messages.serviceTier("own-words")).isNull();
        assertThat(Codecs.client(WireFormat.RESPONSES).serviceTier("flex")).isEqualTo("flex");
    }
}
