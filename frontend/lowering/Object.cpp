// Object.cpp: makes compile-time values.
#include "frontend/lowering/Object.h"

namespace modelc::lowering {

Object Object::nothing() {
  Object object;
  object.kind = Nothing;
  return object;
}

Object Object::integer(SizeAttr size) {
  Object object;
  object.kind = Integer;
  object.size = size;
  return object;
}

Object Object::floating(double number) {
  Object object;
  object.kind = Float;
  object.number = number;
  return object;
}

Object Object::boolean(bool truth) {
  Object object;
  object.kind = Boolean;
  object.truth = truth;
  return object;
}

Object Object::string(llvm::StringRef text) {
  Object object;
  object.kind = String;
  object.text = text;
  return object;
}

Object Object::array(Value value, bool weak) {
  Object object;
  object.kind = Array;
  object.value = value;
  object.weak = weak;
  return object;
}

Object Object::tuple(std::vector<Object> elements, Kind kind) {
  Object object;
  object.kind = kind;
  object.elements = std::move(elements);
  return object;
}

Object Object::of(std::shared_ptr<const FunctionReference> function) {
  Object object;
  object.kind = Function;
  object.function = std::move(function);
  return object;
}

std::string FunctionReference::name() const {
  if (!builtin.empty())
    return builtin.str();
  if (differentiated)
    return (withValue ? "value_and_grad(" : "grad(") + differentiated->name() +
           ")";
  std::string own = declaration ? declaration->name.name.str() : "";
  if (!self.instance)
    return own;
  std::string path = self.instance->path.empty()
                         ? self.instance->declaration->name.name.str()
                         : self.instance->path;
  return own.empty() ? path : path + "." + own;
}

} // namespace modelc::lowering
