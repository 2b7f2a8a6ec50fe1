//===- KernelGroups.cpp - which operations share a kernel -----------------===//
//
// The rules of kernel forming: what may be fused, repeated, or must be written
// to memory.
//
//===----------------------------------------------------------------------===//
#include "passes/KernelGroups.h"
#include "dialect/Ops.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/Locations.h"
#include <set>

using namespace mlir;
using namespace mlir::model;

/// A merged kernel reads, and writes, this many arrays at most: their pointers
/// are kept in registers.
static constexpr size_t maximalOperands = 24;
/// Larger kernels gain nothing, and take long to compile; merged ones may be
/// larger, since they save loads and stores.
static constexpr size_t maximalOperations = 64;
static constexpr size_t maximalMerged = 256;

bool model::isElementFunction(Operation *op) {
  return isa<ElementOpInterface, ConstantOp>(op) &&
         isa<ArrayType>(op->getResult(0).getType());
}

/// Whether `op` only adds or removes axes of size 1.
static bool isUnitReshape(ReshapeOp op) {
  auto keep = [](ArrayType type) {
    SmallVector<SizeAttr> sizes;
    for (SizeAttr size : type.getShape())
      if (!size.isConstant(1))
        sizes.push_back(size);
    return sizes;
  };
  return keep(cast<ArrayType>(op.getOperand().getType())) == keep(op.getType());
}

/// Operations that compute nothing: they are repeated in every consumer.
static bool isFree(Operation *op) {
  auto element = dyn_cast<ElementOpInterface>(op);
  return element ? element.getElementCost() == ElementCost::Free
                 : isa<ConstantOp>(op);
}

/// Numbers that are known without a load.
static bool isKnown(Operation *op) {
  return isa<ElementOpInterface>(op) && isFree(op) && op->getNumOperands() == 0;
}

static bool repeatsElements(Operation *op) {
  auto element = dyn_cast<ElementOpInterface>(op);
  return element && element.repeatsElements();
}

/// Whether `op` reads its operands from memory, whatever they are.
static bool readsMemory(Operation *op) {
  return isa<ContractOp, ScanOp>(op) || op->hasTrait<OpTrait::IsTerminator>() ||
         (!isElementFunction(op) &&
          !isa<ReductionOpInterface, ScatterAddOp>(op));
}

/// Whether `value` is the index of a scan (this one or one around), which is in
/// no memory.
static bool isScanIndex(Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  auto scan = argument ? dyn_cast<ScanOp>(argument.getOwner()->getParentOp())
                       : ScanOp();
  if (!scan || argument == scan.getIndex())
    return bool(scan);
  // That of a scan around comes in as an invariant.
  auto invariants = scan.getInvariantArguments();
  auto *found = llvm::find(invariants, argument);
  return found != invariants.end() &&
         isScanIndex(scan.getInvariants()[found - invariants.begin()]);
}

/// A reshape outside of kernels: another name for the same memory.
static bool isAlias(Operation *op) {
  auto reshape = dyn_cast<ReshapeOp>(op);
  return reshape && !isScanIndex(reshape.getOperand()) &&
         (!isUnitReshape(reshape) ||
          llvm::any_of(op->getUsers(), [](Operation *user) {
            return readsMemory(user) || isAlias(user);
          }));
}

//===----------------------------------------------------------------------===//
// One group
//===----------------------------------------------------------------------===//

SmallVector<Value> KernelGroup::getOperands() const {
  llvm::SmallSetVector<Value, 8> operands;
  for (Operation *op : ops)
    for (Value operand : op->getOperands())
      if (!contains(operand.getDefiningOp()))
        operands.insert(operand);
  return operands.takeVector();
}

bool KernelGroup::isAligned(Value value) const {
  auto shapeOf = [](Value array) {
    return cast<ArrayType>(array.getType()).getShape();
  };
  Operation *root = roots.front();
  Value iterated =
      kind == KernelClass::row ? root->getOperand(0) : root->getResult(0);
  // Work list of values whose every use must be at the index of the iteration.
  SmallVector<Value> work = {value};
  llvm::DenseSet<Value> seen = {value};
  while (!work.empty()) {
    Value current = work.pop_back_val();
    if (shapeOf(current) != shapeOf(iterated))
      return false;
    for (Operation *user : current.getUsers()) {
      if (!contains(user) || (kind == KernelClass::row && user == root))
        continue;
      if (!isa<ElementwiseOpInterface>(user))
        return false;
      if (seen.insert(user->getResult(0)).second)
        work.push_back(user->getResult(0));
    }
  }
  return true;
}

SmallVector<int64_t>
KernelGroup::getInPlacePairs(ArrayRef<Value> operands) const {
  SmallVector<int64_t> pairs;
  if (kind != KernelClass::map)
    return pairs;
  for (auto [i, operand] : llvm::enumerate(operands)) {
    if (!isAligned(operand))
      continue;
    for (auto [j, root] : llvm::enumerate(roots))
      if (root->getResult(0).getType() == operand.getType()) {
        pairs.push_back(i);
        pairs.push_back(j);
      }
  }
  return pairs;
}

//===----------------------------------------------------------------------===//
// Forming
//===----------------------------------------------------------------------===//

void KernelGroups::form() {
  SmallVector<Operation *> ops;
  for (Operation &op : block.without_terminator())
    ops.push_back(&op);
  for (Operation *op : llvm::reverse(ops))
    visit(op);
  for (auto &group : groups)
    std::reverse(group->ops.begin(), group->ops.end());
}

KernelGroup *KernelGroups::startGroup(Operation *root, KernelClass kind) {
  groups.push_back(std::make_unique<KernelGroup>());
  KernelGroup *group = groups.back().get();
  group->kind = kind;
  group->roots.push_back(root);
  writers[root] = group;
  addTo(root, group);
  return group;
}

void KernelGroups::addTo(Operation *op, KernelGroup *group) {
  if (!memberships[op].insert(group))
    return;
  group->ops.push_back(op);
  group->members.insert(op);
}

/// Whether `op` must not be computed by `group`, since it is of another line.
bool KernelGroups::areApart(Operation *op, KernelGroup *group) const {
  if (!oneLine)
    return false;
  Location a = op->getLoc(), b = group->roots.front()->getLoc();
  return locationRole(a) != locationRole(b) ||
         describeLocation(a) != describeLocation(b);
}

/// All users have been visited before.
void KernelGroups::visit(Operation *op) {
  if (isOpTriviallyDead(op)) {
    op->erase();
    return;
  }
  if (isa<ContractOp>(op)) {
    startGroup(op, KernelClass::contraction);
    return;
  }
  if (isa<ReductionOpInterface>(op)) {
    startGroup(op, KernelClass::row);
    return;
  }
  if (isa<ScatterAddOp>(op)) {
    startGroup(op, KernelClass::scatter);
    return;
  }
  if (!isElementFunction(op) || isAlias(op))
    return;

  GroupSet consumers;
  bool inMemory = false, isRepeated = false;
  llvm::SmallPtrSet<Operation *, 4> users;
  for (Operation *user : op->getUsers()) {
    if (readsMemory(user) || isAlias(user)) {
      inMemory = true;
      continue;
    }
    users.insert(user);
    isRepeated |= repeatsElements(user) || repeated.contains(user);
    for (KernelGroup *group : memberships.lookup(user))
      consumers.insert(group);
  }
  bool free = isFree(op);
  // Several reads of one element are one computation where they are at the same
  // index.
  if (!free && consumers.size() == 1 && users.size() > 1)
    isRepeated |= !consumers.front()->isAligned(op->getResult(0));
  // A scalar is the same in every iteration: it is computed before the loops.
  if (cast<ArrayType>(op->getResult(0).getType()).getRank() == 0)
    isRepeated = false;
  bool isFull = llvm::any_of(consumers, [](KernelGroup *group) {
    return group->ops.size() >= maximalOperations;
  });
  bool isApart = !free && llvm::any_of(consumers, [&](KernelGroup *group) {
    return areApart(op, group);
  });
  bool write = inMemory || isFull || isApart ||
               (!free && (consumers.size() != 1 || isRepeated));
  if (write)
    startGroup(op, KernelClass::map);
  if (write && !isKnown(op))
    return;
  if (isRepeated)
    repeated.insert(op);
  for (KernelGroup *group : consumers)
    addTo(op, group);
}

//===----------------------------------------------------------------------===//
// Merging
//===----------------------------------------------------------------------===//

/// The nodes that need results of `node`.
KernelGroups::NodeSet KernelGroups::readersOf(Node node) const {
  NodeSet readers;
  auto addReaders = [&](Operation *op) {
    for (Operation *user : op->getUsers()) {
      auto member = memberships.find(user);
      if (member == memberships.end())
        readers.insert(user);
      else
        readers.insert(member->second.begin(), member->second.end());
    }
  };
  if (auto *group = dyn_cast<KernelGroup *>(node))
    llvm::for_each(group->roots, addReaders);
  else
    addReaders(cast<Operation *>(node));
  readers.remove(node);
  return readers;
}

/// Each group has one root yet, so that the program's order of the roots is one
/// of the nodes.
void KernelGroups::findPaths() {
  for (Operation &op : llvm::reverse(block)) {
    KernelGroup *group = writers.lookup(&op);
    if (!group && isGrouped(&op))
      continue;
    Node node = group ? Node(group) : Node(&op);
    numbers[node] = nodes.size();
    nodes.push_back(node);
  }
  reachable.resize(nodes.size());
  for (auto [i, node] : llvm::enumerate(nodes)) {
    llvm::BitVector &row = reachable[i];
    row.resize(nodes.size());
    row.set(i);
    for (Node reader : readersOf(node))
      row |= reachable[numbers.lookup(reader)];
  }
}

/// Whether something outside of the two groups lies between them.
bool KernelGroups::reachesIndirectly(KernelGroup *producer,
                                     KernelGroup *consumer) const {
  unsigned target = numbers.lookup(consumer);
  return llvm::any_of(readersOf(producer), [&](Node reader) {
    return reader != Node(consumer) &&
           reachable[numbers.lookup(reader)].test(target);
  });
}

/// Whether the group that writes an operand of `consumer` can join it.
bool KernelGroups::mayMerge(KernelGroup *producer,
                            KernelGroup *consumer) const {
  if (producer->kind != KernelClass::map ||
      consumer->kind != KernelClass::map ||
      areApart(producer->roots.front(), consumer))
    return false;
  auto shapeOf = [](KernelGroup *group) {
    return cast<ArrayType>(group->roots.front()->getResult(0).getType())
        .getShape();
  };
  if (shapeOf(producer) != shapeOf(consumer))
    return false;
  if (operandsOf.find(producer)->second.size() +
              operandsOf.find(consumer)->second.size() >
          maximalOperands ||
      producer->roots.size() + consumer->roots.size() > maximalOperands ||
      producer->ops.size() + consumer->ops.size() > maximalMerged)
    return false;
  for (Operation *root : producer->roots) {
    bool used = llvm::any_of(root->getUsers(), [&](Operation *user) {
      return consumer->contains(user);
    });
    if (used && !consumer->isAligned(root->getResult(0)))
      return false;
  }
  return !reachesIndirectly(producer, consumer);
}

void KernelGroups::absorb(KernelGroup *producer, KernelGroup *consumer) {
  for (Operation *op : producer->ops) {
    if (consumer->members.insert(op).second)
      consumer->ops.push_back(op);
    memberships[op].remove(producer);
    memberships[op].insert(consumer);
  }
  consumer->roots.append(producer->roots);
  auto inOrder = [](Operation *a, Operation *b) {
    return a->isBeforeInBlock(b);
  };
  llvm::sort(consumer->ops, inOrder);
  llvm::sort(consumer->roots, inOrder);
  for (Operation *root : producer->roots)
    writers[root] = consumer;
  operandsOf[consumer] = consumer->getOperands();

  // What leads to the producer leads to the consumer already.
  unsigned from = numbers.lookup(producer), to = numbers.lookup(consumer);
  reachable[to] |= reachable[from];
  for (auto [i, row] : llvm::enumerate(reachable))
    if (i != to && row.test(to) && !row.test(from))
      row |= reachable[to];
  llvm::erase_if(groups, [&](auto &group) { return group.get() == producer; });
}

/// The first group that writes an operand of `consumer` and can join it.
KernelGroup *KernelGroups::findProducer(KernelGroup *consumer) const {
  for (Value operand : operandsOf.find(consumer)->second) {
    KernelGroup *producer = writers.lookup(operand.getDefiningOp());
    if (producer && producer != consumer && mayMerge(producer, consumer))
      return producer;
  }
  return nullptr;
}

void KernelGroups::merge() {
  findPaths();
  // Groups that may have a producer to absorb. The first goes first, as if each
  // merge began anew: a merge opens ways only for the merged group and for what
  // reads it, since paths between others only grow.
  std::set<unsigned> work;
  for (auto &group : groups) {
    operandsOf[group.get()] = group->getOperands();
    work.insert(numbers.lookup(group.get()));
  }
  while (!work.empty()) {
    unsigned first = *work.begin();
    auto *consumer = cast<KernelGroup *>(nodes[first]);
    KernelGroup *producer = findProducer(consumer);
    if (!producer) {
      work.erase(first);
      continue;
    }
    work.erase(numbers.lookup(producer));
    absorb(producer, consumer);
    for (Node reader : readersOf(consumer))
      if (auto *group = dyn_cast<KernelGroup *>(reader))
        work.insert(numbers.lookup(group));
  }
}

SmallVector<KernelGroup *> KernelGroups::getGroups() const {
  SmallVector<KernelGroup *> result;
  for (const auto &group : groups)
    result.push_back(group.get());
  return result;
}

std::vector<Operation *> KernelGroups::getGroupedOps() const {
  std::vector<Operation *> result;
  for (Operation &op : block)
    if (isGrouped(&op))
      result.push_back(&op);
  return result;
}
