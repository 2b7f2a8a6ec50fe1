//===- Descriptor.cpp - the program as the runtime knows it ---------------===//
//
// Writes the descriptor with the tables of slots, entries, launches and
// regions.
//
//===----------------------------------------------------------------------===//
#include "codegen/program/Descriptor.h"
#include "codegen/program/Record.h"
#include "dialect/Size.h"
#include "dialect/ops/Control.h"
#include "passes/Locations.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace mlir::model;

int32_t model::dtypeOf(Type element) {
  if (element.isF32())
    return MODELC_F32;
  if (element.isF64())
    return MODELC_F64;
  switch (element.getIntOrFloatBitWidth()) {
  case 64:
    return MODELC_I64;
  case 32:
    return MODELC_I32;
  case 8:
    return MODELC_I8;
  default:
    return MODELC_BOOL;
  }
}

/// 0 if there is no such kind.
static int32_t slotKind(StringRef name) {
  return llvm::StringSwitch<int32_t>(name)
      .Case("parameter", MODELC_SLOT_PARAMETER)
      .Case("state", MODELC_SLOT_STATE)
      .Case("optimizer", MODELC_SLOT_OPTIMIZER)
      .Case("statistic", MODELC_SLOT_STATISTIC)
      .Case("metric", MODELC_SLOT_METRIC)
      .Case("session", MODELC_SLOT_SESSION)
      .Default(0);
}

/// "wine.model:12:3".
static std::string describePlace(Location location) {
  SmallVector<FileLineColLoc> lines;
  collectUserLines(location, lines);
  if (lines.empty())
    return "";
  FileLineColLoc first = lines.front();
  return (llvm::sys::path::filename(first.getFilename().getValue()) + ":" +
          Twine(first.getLine()) + ":" + Twine(first.getColumn()))
      .str();
}

namespace {
class DescriptorWriter {
public:
  DescriptorWriter(ModuleOp module, const SlotLayout &layout,
                   ArrayRef<ProgramEntry> entries)
      : module(module), layout(layout), entries(entries), constants(module) {}

  LogicalResult run() {
    auto program = row<modelc_program>();
    program.set(&modelc_program::struct_size, sizeof(modelc_program));
    program.set(&modelc_program::abi_version, MODELC_ABI_VERSION);
    setOrigin(program);
    setSlots(program);
    setEntries(program);
    setLaunches(program);
    setRegions(program);
    setMessages(program);
    if (failed(TrainingTables(module, constants, entries).addTo(program)) ||
        failed(status))
      return failure();
    constants.define("modelc_program_descriptor", program, module.getLoc());
    return success();
  }

private:
  template <typename T> Row<T> row() { return Row<T>(module.getContext()); }

  /// An attribute of the module, which may be absent.
  Text moduleText(StringRef name, StringRef otherwise) {
    auto text = module->getAttrOfType<StringAttr>(name);
    return constants.text(text ? text.getValue() : otherwise);
  }

  void setOrigin(Row<modelc_program> &program) {
    auto level = module->getAttrOfType<IntegerAttr>("model.optimization");
    bool isPlanned = module->hasAttr("model.launches");
    program.set(&modelc_program::optimization,
                level ? level.getInt() : (isPlanned ? 2 : 0));
    program.set(&modelc_program::name, moduleText("model.name", "program"));
    program.set(&modelc_program::documentation,
                moduleText("model.documentation", ""));
    program.set(&modelc_program::source_file,
                moduleText("model.source_file", "unknown"));
    program.set(&modelc_program::source_hash,
                moduleText("model.source_hash", "unknown"));
    program.set(&modelc_program::target, moduleText("model.target", "unknown"));
    program.set(&modelc_program::compiler,
                moduleText("model.compiler", "modelc"));
    program.set(&modelc_program::float_dtype, floatDtype());
    program.set(&modelc_program::reserved, 0);
  }

  /// What `float` is: f64 where there are f64 and no f32.
  int32_t floatDtype() {
    bool anyF32 = false, anyF64 = false;
    auto see = [&](ArrayType type) {
      anyF32 |= type.getElementType().isF32();
      anyF64 |= type.getElementType().isF64();
    };
    for (auto &[symbol, slot] : layout.slots)
      see(slot.type);
    for (const ProgramEntry &entry : entries)
      for (const auto *values :
           {&entry.interface.inputs, &entry.interface.outputs})
        for (const EntryValue &value : *values)
          see(value.type);
    return anyF64 && !anyF32 ? MODELC_F64 : MODELC_F32;
  }

  //===--------------------------------------------------------------------===//
  // Arrays
  //===--------------------------------------------------------------------===//

  /// The largest value of a size.
  std::optional<int64_t> extentOf(SizeAttr size, const EntryInterface *entry) {
    auto bound = [&](StringAttr symbol) -> std::optional<int64_t> {
      return entry ? entry->boundOf(symbol) : std::nullopt;
    };
    std::optional<SizeRange> possible = range(size, bound);
    if (!possible)
      return std::nullopt;
    return std::max<int64_t>(possible->high, 0);
  }

  int32_t symbolOf(SizeAttr size, const EntryInterface *entry) {
    if (size.isConstant())
      return MODELC_CONSTANT;
    StringAttr symbol = size.asSymbol();
    if (!symbol)
      return MODELC_DERIVED;
    return entry->symbols.find(symbol) - entry->symbols.begin();
  }

  /// `entry` is null for slots, whose sizes are constants.
  Row<modelc_array> array(ArrayType type, const Twine &name, Operation *op,
                          const EntryInterface *entry) {
    int64_t bytes = BufferType::get(type).getElementBytes();
    bool overflows = false;
    SmallVector<Row<modelc_dimension>> dimensions;
    for (SizeAttr size : type.getShape()) {
      std::optional<int64_t> extent = extentOf(size, entry);
      overflows |=
          !extent || llvm::MulOverflow(bytes, extent.value_or(0), bytes);
      auto dimension = row<modelc_dimension>();
      dimension.set(&modelc_dimension::extent, extent.value_or(0));
      dimension.set(&modelc_dimension::symbol, symbolOf(size, entry));
      dimension.set(&modelc_dimension::reserved, 0);
      dimensions.push_back(std::move(dimension));
    }
    if (overflows) {
      op->emitError("an array of type ") << type << " does not fit memory";
      status = failure();
    }
    auto table = constants.table<modelc_dimension>(
        ("program.shape." + name).str(), dimensions, op->getLoc());
    auto arrayRow = row<modelc_array>();
    arrayRow.set(&modelc_array::dtype, dtypeOf(type.getElementType()));
    arrayRow.set(&modelc_array::rank, type.getRank());
    arrayRow.set(&modelc_array::dimensions, table);
    arrayRow.set(&modelc_array::bytes, bytes);
    return arrayRow;
  }

  //===--------------------------------------------------------------------===//
  // Slots and entries
  //===--------------------------------------------------------------------===//

  void setSlots(Row<modelc_program> &program) {
    SmallVector<Row<modelc_slot>> rows;
    for (auto slot : module.getOps<SlotOp>()) {
      const PlacedSlot &placed =
          layout.slots.find(slot.getSymNameAttr())->second;
      auto slotRow = row<modelc_slot>();
      slotRow.set(&modelc_slot::name, constants.text(placed.name));
      slotRow.set(&modelc_slot::kind, slotKind(placed.kind));
      slotRow.set(&modelc_slot::stack, placed.stack);
      slotRow.set(&modelc_slot::array,
                  array(placed.type, slot.getSymName(), slot, nullptr));
      slotRow.set(&modelc_slot::offset, placed.offset);
      slotRow.set(&modelc_slot::source,
                  constants.text(describePlace(slot.getLoc())));
      rows.push_back(std::move(slotRow));
    }
    auto table =
        constants.table<modelc_slot>("program.slots", rows, module.getLoc());
    program.set(&modelc_program::slot_count, table.count);
    program.set(&modelc_program::slots, table);
    program.set(&modelc_program::slot_bytes, layout.bytes);
  }

  /// The field of the training data of this name; -1 in a library, which has
  /// none.
  int32_t fieldIndex(const EntryInterface &entry, StringRef name) {
    auto plans = module.getOps<TrainingOp>();
    if (plans.empty())
      return -1;
    auto data = SymbolTable::lookupNearestSymbolFrom<DataOp>(
        module, (*plans.begin()).getDataAttr());
    if (data)
      for (auto [i, field] :
           llvm::enumerate(data.getFields().getAsRange<DictionaryAttr>()))
        if (field.getAs<StringAttr>("name") == name)
          return i;
    entry.function->emitOpError("has a result that speaks of `")
        << name << "`, which is no field of the training data";
    status = failure();
    return -1;
  }

  Table<modelc_value> values(const EntryInterface &entry,
                             ArrayRef<EntryValue> values, StringRef what) {
    std::string prefix = (what + "." + entry.name.getValue()).str();
    SmallVector<Row<modelc_value>> rows;
    for (auto [i, value] : llvm::enumerate(values)) {
      auto valueRow = row<modelc_value>();
      valueRow.set(&modelc_value::name, constants.text(value.name));
      valueRow.set(&modelc_value::role, value.role);
      valueRow.set(
          &modelc_value::array,
          array(value.type, prefix + "." + Twine(i), entry.function, &entry));
      int32_t field = value.meaning ? fieldIndex(entry, value.field) : 0;
      valueRow.set(&modelc_value::meaning, field < 0 ? 0 : value.meaning);
      valueRow.set(&modelc_value::field, std::max(field, 0));
      valueRow.set(&modelc_value::reserved, 0);
      rows.push_back(std::move(valueRow));
    }
    return constants.table<modelc_value>("program." + prefix, rows,
                                         entry.function.getLoc());
  }

  Table<modelc_symbol> symbols(const EntryInterface &entry) {
    SmallVector<Row<modelc_symbol>> rows;
    for (auto [symbol, bound] : entry.symbols) {
      auto symbolRow = row<modelc_symbol>();
      symbolRow.set(&modelc_symbol::name, constants.text(symbol.getValue()));
      symbolRow.set(&modelc_symbol::bound, bound);
      rows.push_back(std::move(symbolRow));
    }
    return constants.table<modelc_symbol>(
        ("program.symbols." + entry.name.getValue()).str(), rows,
        entry.function.getLoc());
  }

  void setEntries(Row<modelc_program> &program) {
    SmallVector<Row<modelc_entry>> rows;
    for (const auto &[entry, wrapper, resolve] : entries) {
      auto symbolTable = symbols(entry);
      auto inputs = values(entry, entry.inputs, "inputs");
      auto outputs = values(entry, entry.outputs, "outputs");
      auto entryRow = row<modelc_entry>();
      entryRow.set(&modelc_entry::name, constants.text(entry.name.getValue()));
      entryRow.set(&modelc_entry::kind, entry.kind);
      entryRow.set(&modelc_entry::symbol_count, symbolTable.count);
      entryRow.set(&modelc_entry::symbols, symbolTable);
      entryRow.set(&modelc_entry::input_count, inputs.count);
      entryRow.set(&modelc_entry::output_count, outputs.count);
      entryRow.set(&modelc_entry::inputs, inputs);
      entryRow.set(&modelc_entry::outputs, outputs);
      entryRow.set(&modelc_entry::function, addressOf(wrapper));
      entryRow.set(&modelc_entry::resolve, addressOf(resolve));
      entryRow.set(&modelc_entry::workspace_bytes, entry.workspaceBytes);
      entryRow.set(&modelc_entry::documentation,
                   constants.text(entry.documentation));
      auto rowSymbol = entry.symbols.find(entry.rowSymbol);
      entryRow.set(&modelc_entry::row_symbol,
                   rowSymbol == entry.symbols.end()
                       ? 0
                       : rowSymbol - entry.symbols.begin() + 1);
      entryRow.set(&modelc_entry::reserved, 0);
      entryRow.set(&modelc_entry::operations, entry.operations);
      rows.push_back(std::move(entryRow));
    }
    auto table =
        constants.table<modelc_entry>("program.entries", rows, module.getLoc());
    program.set(&modelc_program::entry_count, table.count);
    program.set(&modelc_program::entries, table);
  }

  static FlatSymbolRefAttr addressOf(LLVM::LLVMFuncOp function) {
    return function ? FlatSymbolRefAttr::get(function) : FlatSymbolRefAttr();
  }

  //===--------------------------------------------------------------------===//
  // Launches and regions
  //===--------------------------------------------------------------------===//

  /// The dictionaries that an attribute of `op` holds, if it is there.
  SmallVector<Record> records(Operation *op, StringRef name) {
    SmallVector<Record> result;
    if (auto all = op->getAttrOfType<ArrayAttr>(name))
      for (auto entries : all.getAsRange<DictionaryAttr>())
        result.push_back(Record(op, entries, status));
    return result;
  }

  int32_t entryIndex(FlatSymbolRefAttr symbol) {
    for (auto [i, entry] : llvm::enumerate(entries))
      if (symbol && entry.interface.name == symbol.getAttr())
        return i;
    if (symbol)
      module.emitError("`model.launches` names ")
          << symbol << ", which is no entry";
    status = failure();
    return 0;
  }

  void setLaunches(Row<modelc_program> &program) {
    SmallVector<Row<modelc_launch>> rows;
    for (Record &launch : records(module, "model.launches")) {
      FlatSymbolRefAttr kernel = launch.symbol("kernel");
      auto launchRow = row<modelc_launch>();
      launchRow.set(&modelc_launch::kernel,
                    constants.text(kernel ? kernel.getValue() : ""));
      launchRow.set(&modelc_launch::source,
                    constants.text(launch.text("source")));
      launchRow.set(&modelc_launch::role, constants.text(launch.text("role")));
      launchRow.set(&modelc_launch::operations, launch.number("operations"));
      launchRow.set(&modelc_launch::bytes, launch.number("bytes"));
      launchRow.set(&modelc_launch::entry, entryIndex(launch.symbol("entry")));
      launchRow.set(&modelc_launch::reserved, 0);
      rows.push_back(std::move(launchRow));
    }
    auto table = constants.table<modelc_launch>("program.launches", rows,
                                                module.getLoc());
    program.set(&modelc_program::launch_count, table.count);
    program.set(&modelc_program::launches, table);
  }

  void setRegions(Row<modelc_program> &program) {
    SmallVector<Row<modelc_region>> rows;
    for (auto [i, entry] : llvm::enumerate(entries))
      for (Record &region :
           records(entry.interface.function, "model.regions")) {
        auto regionRow = row<modelc_region>();
        regionRow.set(&modelc_region::entry, i);
        regionRow.set(&modelc_region::reserved, 0);
        regionRow.set(&modelc_region::offset, region.number("offset"));
        regionRow.set(&modelc_region::bytes, region.number("bytes"));
        regionRow.set(&modelc_region::begin, region.smallNumber("begin"));
        regionRow.set(&modelc_region::end, region.smallNumber("end"));
        regionRow.set(&modelc_region::source,
                      constants.text(region.text("source")));
        rows.push_back(std::move(regionRow));
      }
    auto table = constants.table<modelc_region>("program.regions", rows,
                                                module.getLoc());
    program.set(&modelc_program::region_count, table.count);
    program.set(&modelc_program::regions, table);
  }

  //===--------------------------------------------------------------------===//
  // Messages
  //===--------------------------------------------------------------------===//

  Table<modelc_message_value> messageValues(const EntryInterface &entry,
                                            StringRef name,
                                            ArrayRef<MessageValue> values) {
    SmallVector<Row<modelc_message_value>> rows;
    for (auto [i, value] : llvm::enumerate(values)) {
      auto valueRow = row<modelc_message_value>();
      valueRow.set(
          &modelc_message_value::array,
          array(value.type, name + "." + Twine(i), entry.function, &entry));
      valueRow.set(&modelc_message_value::offset, value.offset);
      valueRow.set(&modelc_message_value::extents, value.extents);
      rows.push_back(std::move(valueRow));
    }
    return constants.table<modelc_message_value>(("program." + name).str(),
                                                 rows, entry.function.getLoc());
  }

  void setMessages(Row<modelc_program> &program) {
    SmallVector<Row<modelc_message>> rows;
    for (auto [i, programEntry] : llvm::enumerate(entries)) {
      const EntryInterface &entry = programEntry.interface;
      ArrayRef<MessageValue> left = entry.messages;
      for (auto [j, message] :
           llvm::enumerate(records(entry.function, "model.messages"))) {
        size_t count = message.number("values");
        if (count > left.size()) {
          entry.function->emitOpError("has fewer results that are shown than "
                                      "`model.messages` says");
          status = failure();
          return;
        }
        std::string name =
            ("messages." + entry.name.getValue() + "." + Twine(j)).str();
        auto values = messageValues(entry, name, left.take_front(count));
        left = left.drop_front(count);
        auto messageRow = row<modelc_message>();
        messageRow.set(&modelc_message::entry, i);
        messageRow.set(&modelc_message::kind, message.truth("assertion")
                                                  ? MODELC_MESSAGE_ASSERTION
                                                  : MODELC_MESSAGE_PRINT);
        messageRow.set(&modelc_message::source,
                       constants.text(message.text("source")));
        messageRow.set(&modelc_message::text,
                       constants.text(message.text("text")));
        messageRow.set(&modelc_message::loops,
                       constants.text(message.text("loops")));
        messageRow.set(&modelc_message::value_count, values.count);
        messageRow.set(&modelc_message::reserved, 0);
        messageRow.set(&modelc_message::values, values);
        rows.push_back(std::move(messageRow));
      }
    }
    auto table = constants.table<modelc_message>("program.messages", rows,
                                                 module.getLoc());
    program.set(&modelc_program::message_count, table.count);
    program.set(&modelc_program::reserved_messages, 0);
    program.set(&modelc_program::messages, table);
  }

  ModuleOp module;
  const SlotLayout &layout;
  ArrayRef<ProgramEntry> entries;
  Constants constants;
  LogicalResult status = success();
};
} // namespace

LogicalResult model::emitDescriptor(ModuleOp module, const SlotLayout &layout,
                                    ArrayRef<ProgramEntry> entries) {
  return DescriptorWriter(module, layout, entries).run();
}
