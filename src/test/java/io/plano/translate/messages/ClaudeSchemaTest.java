package io.plano.translate.messages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.translate.Json;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Schemas that Claude does not keep to as they are, and tools' schemas that it does not take. */
class ClaudeSchemaTest {
    private static JsonNode json(String text) {
        return Objects.requireNonNull(Json.read(text.replace('\'', '"')));
    }

    private static String rewritten(String schema) {
        return Json.compact(ClaudeSchema.rewritten(json(schema))).replace('"', '\'');
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'integer','minimum':0} | {'type':'integer','description':'{minimum: 0}'}",
                "{'type':'integer','minimum':0,'maximum':9,'description':'d'} | {'type':'integer','description':'d\\n\\n{minimum: 0, maximum: 9}'}",
                "{'type':'string','minLength':1,'maxLength':5} | {'type':'string','description':'{minLength: 1, maxLength: 5}'}",
                "{'type':'string','pattern':'^a$'} | {'type':'string','description':'{pattern: ^a$}'}",
                "{'type':'string','format':'date-time'} | {'type':'string','format':'date-time'}",
                "{'type':'string','format':'color'} | {'type':'string','description':'{format: color}'}",
                "{'type':'array','minItems':1,'items':{'type':'number','multipleOf':2}} | {'type':'array','minItems':1,'items':{'type':'number','description':'{multipleOf: 2}'}}",
                "{'type':'array','minItems':2,'maxItems':3} | {'type':'array','description':'{minItems: 2, maxItems: 3}'}",
                "{'type':'object','properties':{}} | {'type':'object','properties':{},'additionalProperties':false}",
                "{'type':'object','properties':{'a':{'type':'object','properties':{'b':{'type':'string'}},'additionalProperties':true}}} | {'type':'object','properties':{'a':{'type':'object','properties':{'b':{'type':'string'}},'additionalProperties':false}},'additionalProperties':false}",
                "{'oneOf':[{'type':'string','maxLength':1},{'type':'null'}]} | {'anyOf':[{'type':'string','description':'{maxLength: 1}'},{'type':'null'}]}",
                "{'$defs':{'a':{'type':'number','exclusiveMinimum':0}},'$ref':'#/$defs/a'} | {'$ref':'#/$defs/a'}",
                "{'type':'object','$defs':{'a':{'type':'number','minimum':1}},'properties':{'x':{'$ref':'#/$defs/a'}}} | {'type':'object','$defs':{'a':{'type':'number','description':'{minimum: 1}'}},'properties':{'x':{'$ref':'#/$defs/a'}},'additionalProperties':false}",
                "{'enum':['a','b']} | {'enum':['a','b']}",
                "{'enum':[{'a':1}]} | {'description':'{enum: [{\\'a\\':1}]}'}"
            })
    void tellsWhatItCannotHoldInTheDescription(String schema, String expected) {
        assertThat(rewritten(schema).replace("\\'", "'").replace("\\n", "\n"))
                .isEqualTo(expected.replace("\\'", "'").replace("\\n", "\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'object','properties':{'next':{'$ref':'#'}}}",
                "{'$defs':{'n':{'type':'object','properties':{'n':{'$ref':'#/$defs/n'}}}},'type':'object','properties':{'n':{'$ref':'#/$defs/n'}}}",
                "{'type':'object','properties':{'x':{'$ref':'https://example.com/schema'}}}",
                "{'type':'object','properties':{'x':{'$ref':'#/$defs/missing'}}}",
                "{'type':'object','additionalProperties':{'type':'string'}}",
                "{'type':'object','properties':{'m':{'type':'object','additionalProperties':true}}}",
                "{'type':'object','properties':{'m':{'type':'object','patternProperties':{'^x':{}}}}}",
                "{'type':'array','items':{'type':'object','additionalProperties':{}}}"
            })
    void cannotSayRecursionReferencesToTheOutsideAndMembersOfAnyName(String schema) {
        assertThat(ClaudeSchema.isExpressible(json(schema))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'object','properties':{'n':{'type':'integer'}},'required':['n'],'additionalProperties':false}",
                "{'type':'object','additionalProperties':false}",
                "{'type':'object','$defs':{'a':{'type':'string'}},'properties':{'x':{'$ref':'#/$defs/a'},'y':{'$ref':'#/$defs/a'}},'additionalProperties':false}"
            })
    void leavesWhatIsRightAsItIs(String schema) {
        assertThat(ClaudeSchema.holdsFor(json(schema))).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'object','anyOf':[{'properties':{'a':{'type':'string'}},'required':['a']},{'properties':{'b':{'type':'string'}},'required':['b']}]} | {'type':'object','properties':{'a':{'type':'string'},'b':{'type':'string'}}}",
                "{'oneOf':[{'type':'object','properties':{'k':{'const':1},'a':{}},'required':['k','a']},{'type':'object','properties':{'k':{'const':2}},'required':['k']}]} | {'type':'object','properties':{'k':{'anyOf':[{'const':1},{'const':2}]},'a':{}},'required':['k']}",
                "{'type':'object','properties':{'z':{}},'required':['z'],'allOf':[{'properties':{'a':{}},'required':['a']},{'$ref':'#/$defs/b'}],'$defs':{'b':{'type':'object','properties':{'b':{}},'required':['b']}}} | {'type':'object','properties':{'z':{},'a':{},'b':{}},'$defs':{'b':{'type':'object','properties':{'b':{}},'required':['b']}},'required':['z','a','b']}",
                "{'type':['object','null'],'anyOf':[{'required':['a']},{'required':['b']}],'properties':{'a':{},'b':{}}} | {'type':'object','properties':{'a':{},'b':{}}}",
                "{'anyOf':[{'allOf':[{'properties':{'a':{}}},{'properties':{'b':{}}}]},{'properties':{'c':{}}}]} | {'type':'object','properties':{'a':{},'b':{},'c':{}}}"
            })
    void foldsAlternativesAtTheRootOfATool(String schema, String expected) {
        ObjectNode folded = RootAlternatives.folded((ObjectNode) json(schema));
        assertThat(folded).isEqualTo(json(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'anyOf':[{'type':'string'},{'type':'object'}]}",
                "{'allOf':[{'$ref':'#/x'}]}",
                "{'anyOf':[true]}"
            })
    void foldsNothingThatIsNoObject(String schema) {
        assertThat(RootAlternatives.folded((ObjectNode) json(schema))).isNull();
    }

    @Test
    void endsWithSchemasThatGoInCircles() {
        String circle = "{'anyOf':[{'$ref':'#/$defs/a'}],'$defs':{'a':{'anyOf':[{'$ref':'#/$defs/a'}]}}}";
        assertThat(RootAlternatives.folded((ObjectNode) json(circle))).isNull();
    }
}
