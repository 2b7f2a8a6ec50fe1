// Hypers.cpp: values of hypers: those that are known at compile time, and what
// the program is told of the others.
#include "dialect/ops/Control.h"
#include "frontend/lowering/Lowering.h"

using namespace mlir;

namespace modelc::lowering {

using DID = DiagnosticId;

/// What `--set` says of a hyper; null if nothing.
const std::string *Lowering::settingOf(const ast::Hyper &hyper) const {
  const std::string *found = nullptr;
  for (const auto &[name, value] : options.settings)
    if (name == hyper.name.name)
      found = &value; // the last one counts
  return found;
}

/// Every name that `--set` gives a value must be a hyper.
void Lowering::checkSettings() {
  llvm::SmallVector<llvm::StringRef> known;
  for (const auto &[name, object] : fileScope->names)
    if (object.is(Object::Hyper))
      known.push_back(name);
  for (const auto &[name, value] : options.settings) {
    if (llvm::is_contained(known, name))
      continue;
    auto &error =
        diagnostics.report(DID::UnknownHyper, SourceRange(), name, value);
    if (auto near = nearestName(name, known))
      error.hint(HintId::DidYouMean, *near);
  }
}

/// A hyper that is no float: it may shape the program, so it has one value in
/// it, the default or that of `--set`.
Object Lowering::constantHyper(const ast::Hyper &hyper,
                               Environment *environment) {
  llvm::SaveAndRestore inScope(scope, environment);
  llvm::SaveAndRestore noFrame(frame, static_cast<Frame *>(nullptr));
  Object value = evaluate(hyper.defaultValue);
  const std::string *setting = settingOf(hyper);
  if (setting && value.is(Object::Integer)) {
    int64_t number;
    if (llvm::StringRef(*setting).getAsInteger(10, number)) {
      diagnostics.report(DID::WrongKind, hyper.name.range,
                         "`--set " + hyper.name.name + "=" + *setting + "`",
                         "an integer");
      return Object::poison();
    }
    value = Object::integer(constantSize(number));
  } else if (setting && value.is(Object::Boolean)) {
    if (*setting != "true" && *setting != "false") {
      diagnostics.report(DID::WrongKind, hyper.name.range,
                         "`--set " + hyper.name.name + "=" + *setting + "`",
                         "`true` or `false`");
      return Object::poison();
    }
    value = Object::boolean(*setting == "true");
  }
  if (hyper.spaceKind != ast::Hyper::Set || !value.is(Object::Integer))
    return value;
  for (const ast::Expression *choice : hyper.space) {
    Object allowed = evaluate(choice);
    if (allowed.is(Object::Poison) ||
        (allowed.is(Object::Integer) && allowed.size == value.size))
      return value;
  }
  diagnostics.report(
      DID::WrongKind, setting ? hyper.name.range : hyper.defaultValue->range,
      describe(value), "one of `" + hyper.spaceRange.text() + "`");
  return Object::poison();
}

/// The default of a hyper that is set at run time.
std::optional<double> Lowering::floatHyper(const ast::Hyper &hyper) {
  const std::string *setting = settingOf(hyper);
  if (!setting)
    return evaluateFloat(hyper.defaultValue);
  double value;
  if (!llvm::StringRef(*setting).getAsDouble(value))
    return value;
  diagnostics.report(DID::WrongKind, hyper.name.range,
                     "`--set " + hyper.name.name + "=" + *setting + "`",
                     "a number");
  return std::nullopt;
}

void Lowering::declareHyper(const ast::Hyper &hyper) {
  SourceRange range = hyper.name.range;
  llvm::SaveAndRestore inScope(scope, fileScope);
  std::optional<double> value = floatHyper(hyper);
  double low = 0, high = 0;
  if (hyper.spaceKind == ast::Hyper::Call && hyper.space.size() == 2) {
    std::optional<double> first = evaluateFloat(hyper.space[0]);
    std::optional<double> last = evaluateFloat(hyper.space[1]);
    low = first.value_or(0);
    high = last.value_or(0);
  }
  if (value)
    declarations.create<model::HyperOp>(
        locate(range), hyper.name.name, llvm::APFloat(*value),
        llvm::APFloat(low), llvm::APFloat(high), hyper.documentation);
}

} // namespace modelc::lowering
