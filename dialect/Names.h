//===- Names.h - what values are called in the text of a module ---*- C++ -*-===//
//
// A value takes its name from its location: `NameLoc("hidden", ...)` is printed as `%hidden`.
// Names are for readers; nothing depends on them, and equal names are told apart by numbers.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_DIALECT_NAMES_H
#define MODEL_DIALECT_NAMES_H

#include "mlir/IR/Location.h"
#include "mlir/IR/Value.h"
#include <string>

namespace mlir::model {

/// `location` with a name for the value that is made there. What is no name of a value, such as
/// text with spaces, changes nothing.
Location nameLocation(Location location, StringRef name);

/// The name that a location gives to the value made there; empty if it gives none. Of a call that
/// was inlined, what the callee says counts: its caller names the result of the whole call.
StringRef nameOf(Location location);

/// The name of a value: of an argument of an entry that of its slot or input, of others that of
/// their location; empty if there is none.
std::string nameOf(Value value);

} // namespace mlir::model

#endif
