// Frame.cpp: bodies under construction: their arguments and random keys.
#include "frontend/lowering/Frame.h"
#include "dialect/Names.h"
#include "dialect/ops/Control.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;

namespace modelc::lowering {

Frame::Frame(Kind kind, MLIRContext *context, Frame *parent)
    : kind(kind), parent(parent), builder(context), block(new Block) {
  builder.setInsertionPointToEnd(block);
  if (!parent)
    return;
  depth = parent->depth;
  training = parent->training;
  user = parent->user;
  bounds = parent->bounds;
}

Frame::~Frame() {
  if (!block)
    return;
  block->dropAllDefinedValueUses();
  for (Operation &op : *block)
    op.dropAllReferences();
  delete block;
}

std::string ImplicitInput::name() const {
  switch (kind) {
  case SlotInput:
    return slot()->symbol;
  case HyperInput:
    return hyper()->name.name.str();
  case StepInput:
    return "step";
  case StepsInput:
    return "steps";
  case KeyInput:
    return "key";
  case Capture:
    return model::nameOf(capture());
  }
  llvm_unreachable("covers all kinds");
}

BlockArgument Frame::addArgument(Type type, Location location) {
  return explicitArguments.emplace_back(block->addArgument(type, location));
}

Frame::Implicit &Frame::implicit(ImplicitInput input, Type type) {
  for (Implicit &known : implicits)
    if (known.input == input)
      return known;
  BlockArgument argument = block->addArgument(type, builder.getUnknownLoc());
  return implicits.emplace_back(Implicit{input, argument, argument});
}

Value Frame::local(Value value) {
  if (value.getParentBlock() == block)
    return value;
  return implicit({ImplicitInput::Capture, value.getAsOpaquePointer()},
                  value.getType())
      .current;
}

/// The type of a slot where elements of `depth` arrays around it are selected.
static ArrayType typeAt(const Slot &slot, unsigned depth) {
  return slot.type.withShape(slot.type.getShape().drop_front(depth));
}

Value Frame::readSlot(Slot *slot, unsigned depth) {
  return implicit({ImplicitInput::SlotInput, slot, depth}, typeAt(*slot, depth))
      .current;
}

void Frame::writeSlot(Slot *slot, unsigned depth, Value value) {
  Implicit &known =
      implicit({ImplicitInput::SlotInput, slot, depth}, typeAt(*slot, depth));
  known.current = value;
  known.isWritten = true;
}

Value Frame::readHyper(const ast::Hyper *hyper, Type floatType) {
  return implicit({ImplicitInput::HyperInput, hyper},
                  ArrayType::get({}, floatType))
      .current;
}

Value Frame::readStep(Type floatType) {
  return step ? step
              : implicit({ImplicitInput::StepInput},
                         ArrayType::get({}, floatType))
                    .current;
}

Value Frame::readSteps(Type floatType) {
  return implicit({ImplicitInput::StepsInput}, ArrayType::get({}, floatType))
      .current;
}

static Value foldIn(OpBuilder &builder, Location location, Value key,
                    Value data) {
  OperationState state(location, "model.fold_in");
  state.addOperands({key, data});
  state.addTypes(key.getType());
  return builder.create(state)->getResult(0);
}

Value Frame::randomKey(Location location) {
  if (key)
    return key;
  key = implicit({ImplicitInput::KeyInput},
                 ArrayType::get({}, builder.getI64Type()))
            .current;
  if (kind == ScanBody) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(block);
    key = foldIn(builder, location, key, index);
  }
  return key;
}

/// `from` folded with a number that stands for a name.
static Value foldInName(OpBuilder &builder, Location location, Value from,
                        llvm::StringRef name) {
  auto hash = static_cast<int64_t>(llvm::xxh3_64bits(name));
  Value data = builder.create<model::FillOp>(
      location, ArrayType::get({}, builder.getI64Type()),
      builder.getI64IntegerAttr(hash));
  return foldIn(builder, location, from, data);
}

Value Frame::nextKey(Location location, llvm::StringRef what) {
  Value own = randomKey(location);
  std::string site = (what + "#" + llvm::Twine(keysTaken++)).str();
  return foldInName(builder, location, own, site);
}

void Frame::startKey(Value from, Location location, llvm::StringRef what) {
  keysTaken = 0;
  key = foldInName(builder, location, from, what);
}

bool Frame::isSliced(const ImplicitInput &input) const {
  return kind == ScanBody && sliced && input.kind == ImplicitInput::SlotInput &&
         input.depth == depth && input.slot()->owner->isWithin(sliced);
}

} // namespace modelc::lowering
