package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plano.provider.WireFormat;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The stand-in refuses what the real providers refuse; each line is an error that one of them documents. */
class StrictProviderTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "COMPLETIONS | {'model':'m','messages':[{'role':'user','content':'x','cache_control':{}}]} | cache_control is unknown",
                "COMPLETIONS | {'model':'m','messages':[]} | messages is no list",
                "COMPLETIONS | {'model':'m','messages':[{'role':'user','content':'x'}],'tools':[]} | tools is no list",
                "COMPLETIONS | {'model':'m','messages':[{'role':'user','content':'x'}],'reasoning_effort':'ultra'} | reasoning_effort is not",
                "COMPLETIONS | {'model':'m','messages':[{'role':'tool','tool_call_id':'c','content':'x'}]} | a result of no call",
                "COMPLETIONS | {'model':'m','messages':[{'role':'user','content':'x'}],'tool_choice':'auto'} | a choice without tools",
                "RESPONSES | {'model':'m','store':false,'input':[{'type':'message','role':'user','content':[{'type':'input_image','image_url':'u'}]}]} | detail is missing",
                "RESPONSES | {'model':'m','store':false,'max_output_tokens':1,'input':[{'type':'message','role':'user','content':'x'}]} | max_output_tokens is not",
                "RESPONSES | {'model':'m','store':false,'input':[{'type':'message','role':'assistant','content':[{'type':'output_text','text':'x'}]}]} | output_text in an item",
                "RESPONSES | {'model':'m','store':false,'text':{'format':{'type':'json_object'}},'input':[{'type':'message','role':'user','content':'x'}]} | json_object without",
                "MESSAGES | {'model':'m','max_tokens':9,'messages':[{'role':'user','content':[{'type':'text','text':' '}]}]} | text is not",
                "MESSAGES | {'model':'m','messages':[{'role':'user','content':[{'type':'text','text':'x'}]}]} | max_tokens is missing",
                "MESSAGES | {'model':'m','max_tokens':9,'messages':[{'role':'user','content':[{'type':'text','text':'x'}]}],'tools':[{'name':'f','input_schema':{'type':'object','anyOf':[]}}]} | input_schema is not",
                "MESSAGES | {'model':'m','max_tokens':9,'messages':[{'role':'user','content':[{'type':'text','text':'x'}]}],'thinking':{'type':'adaptive'},'tools':[{'name':'f','input_schema':{'type':'object'}}],'tool_choice':{'type':'any'}} | a forced call",
                "MESSAGES | {'model':'m','max_tokens':9,'messages':[{'role':'user','content':[{'type':'text','text':'x'}]},{'role':'user','content':[{'type':'text','text':'x'}]}]} | two messages of one role"
            })
    void refusesWhatTheRealOnesRefuse(WireFormat format, String body, String problem) {
        byte[] request = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> StrictProvider.assertTakes(format, request)).hasMessageContaining(problem);
    }
}
