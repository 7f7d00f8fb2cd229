package io.plano.translate;

import io.plano.provider.WireFormat;
import java.nio.charset.StandardCharsets;

/**
 * The same answer as a stream of each format: reasoning, text with characters of one to four bytes, two calls at once, what
 * it cost, and the noise that providers make in between.
 */
final class RichStreams {
    private RichStreams() {}

    static byte[] of(WireFormat format) {
        String stream = switch (format) {
            case COMPLETIONS -> chat();
            case RESPONSES -> responses();
            case MESSAGES -> messages();
        };
        return stream.getBytes(StandardCharsets.UTF_8);
    }

    private static String chat() {
        return ": keep-alive\n\n"
                + chunk("{'role':'assistant','content':'','refusal':null}", "null")
                + chunk("{'reasoning_content':'First \\u00e9'}", "null")
                + chunk("{'reasoning_content':', then 😀.'}", "null")
                + chunk("{'content':'Grüße'}", "null")
                + chunk("{'content':' 世界 \\ud83d\\ude00\\n'}", "null")
                + chunk(
                        "{'tool_calls':[{'index':0,'id':'call_1','type':'function','function':{'name':'look','arguments':''}}]}",
                        "null")
                + chunk("{'tool_calls':[{'index':0,'function':{'arguments':'{\\\"at\\\":'}}]}", "null")
                + chunk(
                        "{'tool_calls':[{'index':1,'id':'call_2','type':'function','function':{'name':'now','arguments':''}}]}",
                        "null")
                + chunk("{'tool_calls':[{'index':0,'function':{'arguments':'\\\"é\\\"}'}}]}", "null")
                + chunk("{'tool_calls':[{'index':1,'function':{'arguments':'{}'}}]}", "null")
                + chunk("{}", "'tool_calls'")
                + data(
                        "{'id':'chatcmpl-1','object':'chat.completion.chunk','created':1750000001,'model':'rich-1','choices':[],"
                                + "'usage':{'prompt_tokens':30,'completion_tokens':20,'total_tokens':50,"
                                + "'prompt_tokens_details':{'cached_tokens':10},'completion_tokens_details':{'reasoning_tokens':5}}}")
                + "data: [DONE]\n\n";
    }

    private static String chunk(String delta, String finish) {
        return data("{'id':'chatcmpl-1','object':'chat.completion.chunk','created':1750000001,'model':'rich-1',"
                + "'choices':[{'index':0,'delta':" + delta + ",'logprobs':null,'finish_reason':" + finish
                + "}],'usage':null}");
    }

    private static String data(String json) {
        return "data: " + json.replace('\'', '"') + "\n\n";
    }

    private static String messages() {
        return named(
                        "message_start",
                        "'message':{'id':'msg_1','type':'message','role':'assistant','model':'rich-1','content':[],"
                                + "'stop_reason':null,'stop_sequence':null,'usage':{'input_tokens':20,"
                                + "'cache_creation_input_tokens':0,'cache_read_input_tokens':10,'output_tokens':1}}")
                + block(0, "{'type':'thinking','thinking':'','signature':''}")
                + named("ping", "'ping':true")
                + delta(0, "{'type':'thinking_delta','thinking':'First é'}")
                + delta(0, "{'type':'thinking_delta','thinking':', then 😀.'}")
                + delta(0, "{'type':'signature_delta','signature':'c2lnbmVk'}")
                + named("content_block_stop", "'index':0")
                + block(1, "{'type':'text','text':''}")
                + delta(1, "{'type':'text_delta','text':'Grüße'}")
                + delta(1, "{'type':'text_delta','text':' 世界 😀\\n'}")
                + named("content_block_stop", "'index':1")
                + block(2, "{'type':'tool_use','id':'call_1','name':'look','input':{}}")
                + delta(2, "{'type':'input_json_delta','partial_json':''}")
                + delta(2, "{'type':'input_json_delta','partial_json':'{\\\"at\\\":'}")
                + delta(2, "{'type':'input_json_delta','partial_json':'\\\"é\\\"}'}")
                + named("content_block_stop", "'index':2")
                + block(3, "{'type':'tool_use','id':'call_2','name':'now','input':{}}")
                + delta(3, "{'type':'input_json_delta','partial_json':''}")
                + named("content_block_stop", "'index':3")
                + named(
                        "message_delta",
                        "'delta':{'stop_reason':'tool_use','stop_sequence':null},'usage':{'output_tokens':20}")
                + "event: message_stop\r\ndata: {\"type\":\"message_stop\"}   \r\n\r\n";
    }

    private static String block(int index, String content) {
        return named("content_block_start", "'index':" + index + ",'content_block':" + content);
    }

    private static String delta(int index, String delta) {
        return named("content_block_delta", "'index':" + index + ",'delta':" + delta);
    }

    private static String named(String type, String members) {
        return "event: " + type + "\n" + data("{'type':'" + type + "'," + members + "}");
    }

    private static String responses() {
        String thought =
                "{'type':'reasoning','id':'rs_1','summary':[{'type':'summary_text','text':'First é, then 😀.'}],"
                        + "'encrypted_content':'c2VjcmV0'}";
        String message = "{'type':'message','id':'msg_1','status':'completed','role':'assistant','content':["
                + "{'type':'output_text','text':'Grüße 世界 😀\\n','annotations':[],'logprobs':[]}]}";
        String look = "{'type':'function_call','id':'fc_1','status':'completed','call_id':'call_1','name':'look',"
                + "'arguments':'{\\\"at\\\":\\\"é\\\"}'}";
        String now = "{'type':'function_call','id':'fc_2','status':'completed','call_id':'call_2','name':'now',"
                + "'arguments':'{}'}";
        String usage = "{'input_tokens':30,'input_tokens_details':{'cached_tokens':10},'output_tokens':20,"
                + "'output_tokens_details':{'reasoning_tokens':5},'total_tokens':50}";
        return named("response.created", response("in_progress", "", "null"))
                + named("response.in_progress", response("in_progress", "", "null"))
                + item("added", 0, "{'type':'reasoning','id':'rs_1','summary':[]}")
                + summary("part.added", ",'part':{'type':'summary_text','text':''}")
                + summary("text.delta", ",'delta':'First é'")
                + summary("text.delta", ",'delta':', then 😀.'")
                + summary("text.done", ",'text':'First é, then 😀.'")
                + summary("part.done", ",'part':{'type':'summary_text','text':'First é, then 😀.'}")
                + item("done", 0, thought)
                + item(
                        "added",
                        1,
                        "{'type':'message','id':'msg_1','status':'in_progress','role':'assistant','content':[]}")
                + text("content_part.added", ",'part':{'type':'output_text','annotations':[],'logprobs':[],'text':''}")
                + text("output_text.delta", ",'delta':'Grüße','logprobs':[],'obfuscation':'xY12'")
                + text("output_text.delta", ",'delta':' 世界 \\ud83d\\ude00\\n','logprobs':[],'obfuscation':'z'")
                + text("output_text.done", ",'text':'Grüße 世界 😀\\n','logprobs':[]")
                + text(
                        "content_part.done",
                        ",'part':{'type':'output_text','annotations':[],'logprobs':[]," + "'text':'Grüße 世界 😀\\n'}")
                + item("done", 1, message)
                + call(2, "fc_1", "call_1", "look")
                + arguments(2, "fc_1", "delta", "'delta':'{\\\"at\\\":'")
                + arguments(2, "fc_1", "delta", "'delta':'\\\"é\\\"}'")
                + arguments(2, "fc_1", "done", "'arguments':'{\\\"at\\\":\\\"é\\\"}'")
                + item("done", 2, look)
                + call(3, "fc_2", "call_2", "now")
                + arguments(3, "fc_2", "done", "'arguments':'{}'")
                + item("done", 3, now)
                + named(
                        "response.completed",
                        response("completed", String.join(",", thought, message, look, now), usage));
    }

    private static String response(String status, String output, String usage) {
        return "'response':{'id':'resp_1','object':'response','created_at':1750000001,'status':'" + status
                + "','model':'rich-1','output':[" + output + "],'usage':" + usage + "}";
    }

    private static String item(String what, int index, String item) {
        return named("response.output_item." + what, "'output_index':" + index + ",'item':" + item);
    }

    private static String summary(String what, String rest) {
        return named(
                "response.reasoning_summary_" + what, "'item_id':'rs_1','output_index':0,'summary_index':0" + rest);
    }

    private static String text(String what, String rest) {
        return named("response." + what, "'item_id':'msg_1','output_index':1,'content_index':0" + rest);
    }

    private static String call(int index, String id, String callId, String name) {
        return item(
                "added",
                index,
                "{'type':'function_call','id':'" + id + "','status':'in_progress','call_id':'" + callId + "','name':'"
                        + name + "','arguments':''}");
    }

    private static String arguments(int index, String id, String what, String rest) {
        return named(
                "response.function_call_arguments." + what,
                "'item_id':'" + id + "','output_index':" + index + "," + rest);
    }
}
