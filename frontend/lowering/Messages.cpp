// Messages.cpp: `print` and `assert` of what is known only at run time.
//
// The values of a message are results of the body that it stands in, and of all
// bodies around it; a scan stacks them. The results of an entry that are such
// values have the role "message", and the attribute `model.messages` says what
// they are. A result of the role "check" is true if all assertions hold.
#include "frontend/lowering/Builtins.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace modelc::lowering {

using DID = DiagnosticId;

/// The user's line that is shown with a message.
std::string Lowering::placeOf(SourceRange range) {
  auto write = [](llvm::StringRef file, unsigned line, unsigned column) {
    return (llvm::sys::path::filename(file) + ":" + llvm::Twine(line) + ":" +
            llvm::Twine(column))
        .str();
  };
  if (libraryFiles.contains(range.file) && frame->user)
    if (auto line = (*frame->user)->findInstanceOf<FileLineColLoc>())
      return write(line.getFilename(), line.getLine(), line.getColumn());
  LineColumn start = range.start();
  return write(range.file->name(), start.line, start.column);
}

/// Appends an argument of `print` to what is shown.
bool Lowering::appendShown(const Object &object, SourceRange range,
                           Message &message) {
  std::string &text = message.text;
  if (object.is(Object::String)) {
    text += object.text;
    return true;
  }
  if (object.is(Object::Boolean) || object.is(Object::Float) ||
      object.constant()) {
    llvm::raw_string_ostream out(text);
    if (object.is(Object::Boolean))
      out << (object.truth ? "true" : "false");
    else if (object.is(Object::Float))
      out << llvm::format("%.6g", object.number);
    else
      out << *object.constant();
    return true;
  }
  if (object.is(Object::Tuple) || object.is(Object::Sizes)) {
    text += "(";
    for (auto [i, element] : llvm::enumerate(object.elements)) {
      text += i ? ", " : "";
      if (!appendShown(element, range, message))
        return false;
    }
    text += ")";
    return true;
  }
  Value value =
      object.is(Object::Integer)
          ? sizeValue(object.size, IntegerType::get(&context, 64), range)
          : materialize(object, range);
  if (!value)
    return false;
  text += messageHole;
  message.values.push_back(frame->local(value));
  return true;
}

Object Lowering::printBuiltin(BuiltinCall &call) {
  if (!needsFrame(call.range))
    return Object::poison();
  Message message;
  message.source = placeOf(call.range);
  for (const ArgumentValue &argument : call.rest) {
    if (&argument != &call.rest.front())
      message.text += ' ';
    if (!appendShown(argument.object, argument.range, message))
      return Object::poison();
  }
  // A message without values is shown as often as this one is computed.
  if (message.values.empty()) {
    Value always = materialize(Object::boolean(true), call.range);
    if (!always)
      return Object::poison();
    message.values.push_back(always);
  }
  frame->messages.push_back(std::move(message));
  return Object::nothing();
}

/// Are all elements true? A scalar.
Value Lowering::allTrue(Value condition, SourceRange range) {
  auto type = cast<ArrayType>(condition.getType());
  if (type.getRank() == 0)
    return condition;
  llvm::SmallVector<int64_t> axes;
  for (int64_t axis = 0; axis < type.getRank(); ++axis)
    axes.push_back(axis);
  Value number = castTo(condition, IntegerType::get(&context, 32), range);
  number = emit("reduce_min", number, integers("axes", axes), range);
  return castTo(number, IntegerType::get(&context, 1), range);
}

/// What the library demands does not hold where the user calls it.
void Lowering::reportAssertion(SourceRange range, SourceRange condition,
                               llvm::StringRef text) {
  bool isLibrary = libraryFiles.contains(range.file) && libraryCall;
  auto &error = diagnostics.report(
      DID::AssertionFailed, isLibrary ? libraryCall->range : range, text);
  if (isLibrary)
    error.note(NoteId::AssertedHere, condition, libraryCall->name);
}

Object Lowering::assertBuiltin(BuiltinCall &call) {
  const Object &condition = call.object("condition");
  SourceRange range = call.rangeOf("condition");
  llvm::StringRef text = range.text();
  if (call.has("message")) {
    if (!call.object("message").is(Object::String)) {
      diagnostics.report(DID::WrongKind, call.rangeOf("message"),
                         describe(call.object("message")), "a text");
      return Object::poison();
    }
    text = call.object("message").text;
  }
  if (condition.is(Object::Boolean)) {
    if (condition.truth)
      return Object::nothing();
    reportAssertion(call.range, range, text);
    return Object::poison();
  }
  if (!condition.is(Object::Array) || !condition.type().isBool()) {
    diagnostics.report(DID::WrongKind, range, describe(condition),
                       "a truth value or an array of them");
    return Object::poison();
  }
  Value holds = allTrue(frame->local(condition.value), range);
  if (!holds)
    return Object::poison();
  Message message;
  message.isAssertion = true;
  message.source = placeOf(call.range);
  message.text = text.str();
  message.values.push_back(frame->local(holds));
  frame->messages.push_back(std::move(message));
  return Object::nothing();
}

/// The messages of a body that is repeated now.
void Lowering::enterLoop(std::vector<Message> &messages) {
  int64_t loop = loopsNumbered++;
  for (Message &message : messages)
    message.loops.insert(message.loops.begin(), loop);
}

/// Takes over the messages of a body that is called or repeated here; `values`
/// are its last results. Each call is a loop of its own.
void Lowering::receiveMessages(llvm::ArrayRef<Message> messages,
                               ValueRange values) {
  llvm::DenseMap<int64_t, int64_t> renumbered;
  for (Message message : messages) {
    for (Value &value : message.values) {
      value = values.front();
      values = values.drop_front();
    }
    for (int64_t &loop : message.loops)
      loop = renumbered.try_emplace(loop, loopsNumbered++).first->second;
    frame->messages.push_back(std::move(message));
  }
}

/// Adds the values of an entry's messages to its results.
bool Lowering::outputMessages(llvm::ArrayRef<Message> messages,
                              SourceRange range,
                              std::vector<EntryOutput> &results) {
  Builder b(&context);
  auto role = [&](llvm::StringRef name) {
    return attribute("model.output", b.getStringAttr(name));
  };
  Value holds;
  for (const Message &message : messages)
    for (Value value : message.values) {
      results.push_back({value, {role("message")}});
      if (!message.isAssertion)
        continue;
      Value own = allTrue(value, range);
      holds = holds && own ? emit("and", {holds, own}, {}, range) : own;
      if (!holds)
        return false;
    }
  if (holds)
    results.push_back({holds, {role("check")}});
  return true;
}

/// "2 7".
static std::string numbers(llvm::ArrayRef<int64_t> loops) {
  std::string text;
  for (int64_t loop : loops)
    text += (text.empty() ? "" : " ") + std::to_string(loop);
  return text;
}

ArrayAttr Lowering::describeMessages(llvm::ArrayRef<Message> messages) {
  Builder b(&context);
  llvm::SmallVector<Attribute> described;
  for (const Message &message : messages)
    described.push_back(b.getDictionaryAttr(
        {attribute("assertion", b.getBoolAttr(message.isAssertion)),
         attribute("source", b.getStringAttr(message.source)),
         attribute("text", b.getStringAttr(message.text)),
         attribute("values", b.getI64IntegerAttr(message.values.size())),
         attribute("loops", b.getStringAttr(numbers(message.loops)))}));
  return b.getArrayAttr(described);
}

} // namespace modelc::lowering
