"""What an application does with each SDK: ask at once, or with the SDK's own stream helper, and go on with what came back.

Each client is made of a base URL, a key and a model. Its answers are all alike, so that one list of checks serves for all.
"""

from dataclasses import dataclass, field

import anthropic
import openai
from pydantic import BaseModel

OPTIONS = {"max_retries": 0, "timeout": 20}
SYSTEM = "Be brief."
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mM44KCAFTEMLQkASmxIASWBNjQAAAAASUVORK5CYII="


class City(BaseModel):
    name: str
    population: int
    twins: list[str]


def schema(**properties):
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


WIND = schema(wind={"type": "array", "items": {"type": ["boolean", "null"]}})
TOOLS = {
    "weather": schema(city={"type": "string"}, days={"type": "integer"}, hourly=WIND),
    "clock": schema(),
}


@dataclass
class Answer:
    text: str
    finish: str
    usage: tuple  # input tokens in all, of them from a cache, output tokens
    calls: list = field(default_factory=list)  # (id, name, arguments)
    citations: list = field(default_factory=list)  # (url, title)
    reasoning: str = ""
    parsed: object = None
    said: object = None  # the SDK's own object, to go on with


class Chat:
    name = "openai chat.completions"
    errors = openai
    done, wants_tools = "stop", "tool_calls"

    def __init__(self, url, key, model):
        self._completions = openai.OpenAI(base_url=f"{url}/v1", api_key=key, **OPTIONS).chat.completions
        self._model = model

    def start(self, question):
        image = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{DOT}"}}
        content = [{"type": "text", "text": question}, image]
        return [{"role": "system", "content": SYSTEM}, {"role": "user", "content": content}]

    def go_on(self, history, answer, results):
        tools = [{"role": "tool", "tool_call_id": id, "content": result} for id, result in results.items()]
        return [*history, answer.said, *tools]

    def _arguments(self, history, tools=False, think=False):
        arguments = {"model": self._model, "messages": history}
        if tools:
            functions = [{"name": name, "parameters": parameters, "strict": True} for name, parameters in TOOLS.items()]
            arguments["tools"] = [{"type": "function", "function": function} for function in functions]
        if think:
            arguments["reasoning_effort"] = "medium"
        return arguments

    def whole(self, history, **options):
        return self._answer(self._completions.create(**self._arguments(history, **options)))

    def streamed(self, history, **options):
        arguments = self._arguments(history, **options)
        text = ""
        with self._completions.stream(stream_options={"include_usage": True}, **arguments) as stream:
            for event in stream:
                if event.type == "content.delta":
                    text += event.delta
            return self._answer(stream.get_final_completion(), text)

    def events(self, history):
        stream = self._completions.create(stream=True, **self._arguments(history))
        return "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)

    def object(self, history):
        return self._answer(self._completions.parse(response_format=City, **self._arguments(history)))

    def _answer(self, completion, streamed=None):
        [choice] = completion.choices
        message, usage = choice.message, completion.usage
        return Answer(
            text=same(message.content or "", streamed),
            finish=choice.finish_reason,
            usage=(usage.prompt_tokens, usage.prompt_tokens_details.cached_tokens, usage.completion_tokens),
            calls=[(call.id, call.function.name, call.function.arguments) for call in message.tool_calls or []],
            citations=[(note.url_citation.url, note.url_citation.title) for note in message.annotations or []],
            reasoning=getattr(message, "reasoning_content", None) or "",
            parsed=getattr(message, "parsed", None),
            said=sendable(message),
        )


class Responses:
    name = "openai responses"
    errors = openai
    done, wants_tools = "completed", "completed"

    def __init__(self, url, key, model):
        self._responses = openai.OpenAI(base_url=f"{url}/v1", api_key=key, **OPTIONS).responses
        self._model = model

    def start(self, question):
        image = {"type": "input_image", "image_url": f"data:image/png;base64,{DOT}", "detail": "auto"}
        return [{"role": "user", "content": [{"type": "input_text", "text": question}, image]}]

    def go_on(self, history, answer, results):
        outputs = [{"type": "function_call_output", "call_id": id, "output": result} for id, result in results.items()]
        return [*history, *answer.said, *outputs]

    def _arguments(self, history, tools=False, think=False):
        # Nothing is kept, so that a provider of another API can answer.
        arguments = {"model": self._model, "input": history, "instructions": SYSTEM, "store": False}
        if tools:
            arguments["tools"] = [
                {"type": "function", "name": name, "description": name, "parameters": parameters, "strict": True}
                for name, parameters in TOOLS.items()
            ]
        if think:
            arguments["reasoning"] = {"effort": "medium", "summary": "auto"}
            arguments["include"] = ["reasoning.encrypted_content"]
        return arguments

    def whole(self, history, **options):
        return self._answer(self._responses.create(**self._arguments(history, **options)))

    def streamed(self, history, **options):
        text = ""
        with self._responses.stream(**self._arguments(history, **options)) as stream:
            for event in stream:
                if event.type == "response.output_text.delta":
                    text += event.delta
            return self._answer(stream.get_final_response(), text)

    def events(self, history):
        stream = self._responses.create(stream=True, **self._arguments(history))
        return "".join(event.delta for event in stream if event.type == "response.output_text.delta")

    def object(self, history):
        return self._answer(self._responses.parse(text_format=City, **self._arguments(history)))

    def _answer(self, response, streamed=None):
        usage = response.usage
        return Answer(
            text=same(response.output_text, streamed),
            finish=response.status,
            usage=(usage.input_tokens, usage.input_tokens_details.cached_tokens, usage.output_tokens),
            calls=[(item.call_id, item.name, item.arguments) for item in response.output if item.type == "function_call"],
            citations=[
                (note.url, note.title)
                for item in response.output
                if item.type == "message"
                for part in item.content
                for note in part.annotations
            ],
            reasoning="".join(
                part.text for item in response.output if item.type == "reasoning" for part in item.summary
            ),
            parsed=getattr(response, "output_parsed", None),
            said=response.output,
        )


class Messages:
    name = "anthropic messages"
    errors = anthropic
    done, wants_tools = "end_turn", "tool_use"

    def __init__(self, url, key, model):
        self._messages = anthropic.Anthropic(base_url=url, api_key=key, **OPTIONS).messages
        self._model = model

    def start(self, question):
        image = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": DOT}}
        return [{"role": "user", "content": [{"type": "text", "text": question}, image]}]

    def go_on(self, history, answer, results):
        blocks = [{"type": "tool_result", "tool_use_id": id, "content": result} for id, result in results.items()]
        return [*history, {"role": "assistant", "content": answer.said}, {"role": "user", "content": blocks}]

    def _arguments(self, history, tools=False, think=False):
        arguments = {"model": self._model, "messages": history, "system": SYSTEM, "max_tokens": 8000}
        if tools:
            arguments["tools"] = [
                {"name": name, "description": name, "input_schema": parameters} for name, parameters in TOOLS.items()
            ]
        if think:
            arguments["thinking"] = {"type": "adaptive", "display": "summarized"}
        return arguments

    def whole(self, history, **options):
        return self._answer(self._messages.create(**self._arguments(history, **options)))

    def streamed(self, history, **options):
        with self._messages.stream(**self._arguments(history, **options)) as stream:
            text = "".join(stream.text_stream)
            return self._answer(stream.get_final_message(), text)

    def events(self, history):
        stream = self._messages.create(stream=True, **self._arguments(history))
        return "".join(
            event.delta.text for event in stream if event.type == "content_block_delta" and event.delta.type == "text_delta"
        )

    def object(self, history):
        return self._answer(self._messages.parse(output_format=City, **self._arguments(history)))

    def _answer(self, message, streamed=None):
        usage = message.usage
        cached = usage.cache_read_input_tokens or 0
        return Answer(
            text=same("".join(block.text for block in message.content if block.type == "text"), streamed),
            finish=message.stop_reason,
            usage=(usage.input_tokens + cached, cached, usage.output_tokens),
            calls=[(block.id, block.name, block.input) for block in message.content if block.type == "tool_use"],
            citations=[
                (citation.url, citation.title)
                for block in message.content
                if block.type == "text"
                for citation in block.citations or []
            ],
            reasoning="".join(block.thinking for block in message.content if block.type == "thinking"),
            parsed=getattr(message, "parsed_output", None),
            said=message.content,
        )


def sendable(message):
    """A message of Chat as it goes back: without what the SDK's helper adds for itself, which OpenAI refuses."""
    kept = message.to_dict(warnings=False)
    kept.pop("parsed", None)
    for call in kept.get("tool_calls") or []:
        call.pop("index", None)
        call["function"].pop("parsed_arguments", None)
    return kept


def same(kept, streamed):
    """What was streamed is what the helper made of it in the end."""
    if streamed not in (None, kept):
        raise AssertionError(f"streamed {streamed!r}, and kept {kept!r}")
    return kept
