//===- Names.h - what values are called in text -----------------*- C++ -*-===//
//
// A value takes its name from its location: `NameLoc("hidden", ...)` is printed
// as `%hidden`. Names are for readers; nothing depends on them, and equal names
// are told apart by numbers.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_DIALECT_NAMES_H
#define MODEL_DIALECT_NAMES_H

#include "mlir/IR/Location.h"
#include "mlir/IR/Value.h"
#include <string>

namespace mlir::model {

/// `location` with a name for the value that is made there. What is no name of
/// a value, such as text with spaces, changes nothing.
Location nameLocation(Location location, StringRef name);

/// The name that a location gives to the value made there; empty if it gives
/// none. Of a call that was inlined, what the callee says counts: its caller
/// names the result of the whole call.
StringRef nameOf(Location location);

/// `location` without the names that it and its parts give to values.
Location withoutNames(Location location);

/// The name of a value; empty if it has none. An argument of an entry is called
/// as its slot or input, and others as their location says. What that leaves
/// unnamed is called as the operand (an argument of a kernel) or as what the
/// body yields (a result of a scan or kernel, with `.all` if it is a stack). A
/// constant that stands for several has no name; they have nothing else in
/// common.
std::string nameOf(Value value);

/// Names what makes `value`, if that is an operation without a name; of a scan,
/// what its body yields. Constants are shared by what has nothing to do with
/// each other, and are not named.
void nameValue(Value value, StringRef name);

} // namespace mlir::model

#endif
