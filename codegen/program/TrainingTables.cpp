//===- TrainingTables.cpp - hypers, data and the training plan ------------===//
//
// Writes what `model.hyper`, `model.data` and `model.training` declare.
//
//===----------------------------------------------------------------------===//
#include "codegen/program/Descriptor.h"
#include "codegen/program/Record.h"
#include "dialect/ops/Control.h"

using namespace mlir;
using namespace mlir::model;

int32_t TrainingTables::entryIndex(Operation *op, FlatSymbolRefAttr symbol) {
  if (!symbol)
    return -1;
  for (auto [i, entry] : llvm::enumerate(entries))
    if (entry.interface.name == symbol.getAttr())
      return i;
  op->emitOpError("names ") << symbol << ", which is no entry";
  status = failure();
  return -1;
}

int32_t TrainingTables::slotIndex(Operation *op, FlatSymbolRefAttr symbol) {
  for (auto [i, slot] : llvm::enumerate(module.getOps<SlotOp>()))
    if (symbol && slot.getSymName() == symbol.getValue())
      return i;
  op->emitOpError("names ") << symbol << ", which is no slot";
  status = failure();
  return -1;
}

Table<modelc_hyper> TrainingTables::hypers() {
  SmallVector<Row<modelc_hyper>> rows;
  for (auto hyper : module.getOps<HyperOp>()) {
    auto hyperRow = row<modelc_hyper>();
    hyperRow.set(&modelc_hyper::name, constants.text(hyper.getSymName()));
    hyperRow.set(&modelc_hyper::value, hyper.getValue().convertToDouble());
    hyperRow.set(&modelc_hyper::low, hyper.getLow().convertToDouble());
    hyperRow.set(&modelc_hyper::high, hyper.getHigh().convertToDouble());
    hyperRow.set(&modelc_hyper::documentation,
                 constants.text(hyper.getDocumentation()));
    rows.push_back(std::move(hyperRow));
  }
  return constants.table<modelc_hyper>("program.hypers", rows, module.getLoc());
}

//===----------------------------------------------------------------------===//
// Data
//===----------------------------------------------------------------------===//

static int32_t choiceOf(StringRef word, ArrayRef<StringRef> words,
                        Operation *op, StringRef what, LogicalResult &status) {
  for (auto [i, known] : llvm::enumerate(words))
    if (known == word)
      return i;
  op->emitOpError("has the unknown ") << what << " `" << word << "`";
  status = failure();
  return 0;
}

int32_t TrainingTables::selector(Operation *op, StringRef word) {
  return 1 +
         choiceOf(word, {"range", "named", "array"}, op, "selector", status);
}

Table<const char *> TrainingTables::texts(StringRef table, Operation *op,
                                          ArrayRef<Attribute> written) {
  SmallVector<Text> texts;
  for (Attribute text : written)
    texts.push_back(constants.text(cast<StringAttr>(text).getValue()));
  return constants.table(table, texts, op->getLoc());
}

Row<modelc_part> TrainingTables::part(Operation *op, DictionaryAttr entries,
                                      StringRef table) {
  Record record(op, entries, status);
  Table<const char *> names =
      texts(("program.columns." + table).str(), op, record.array("names"));
  SmallVector<Row<modelc_dimension>> dimensions;
  for (Attribute extent : record.array("dimensions")) {
    auto dimension = row<modelc_dimension>();
    dimension.set(&modelc_dimension::extent,
                  cast<IntegerAttr>(extent).getInt());
    dimension.set(&modelc_dimension::symbol, MODELC_CONSTANT);
    dimension.set(&modelc_dimension::reserved, 0);
    dimensions.push_back(std::move(dimension));
  }
  Table<modelc_dimension> dimensionTable = constants.table<modelc_dimension>(
      ("program.dimensions." + table).str(), dimensions, op->getLoc());
  static const StringRef kinds[] = {"numbers", "categories", "labels"};
  static const StringRef policies[] = {"refuse", "keep", "drop", "last"};
  auto partRow = row<modelc_part>();
  partRow.set(&modelc_part::selector, selector(op, record.text("selector")));
  partRow.set(&modelc_part::first, record.smallNumber("first"));
  partRow.set(&modelc_part::last, record.smallNumber("last"));
  partRow.set(&modelc_part::name_count, names.count);
  partRow.set(&modelc_part::names, names);
  partRow.set(&modelc_part::kind,
              choiceOf(record.text("kind"), kinds, op, "kind", status));
  partRow.set(&modelc_part::missing,
              choiceOf(record.text("missing"), policies, op, "policy", status));
  partRow.set(&modelc_part::classes, record.smallNumber("classes"));
  partRow.set(&modelc_part::unseen,
              choiceOf(record.text("unseen"), policies, op, "policy", status));
  partRow.set(&modelc_part::vocabulary,
              record.has("vocabulary")
                  ? slotIndex(op, record.symbol("vocabulary"))
                  : -1);
  partRow.set(&modelc_part::dimension_count, dimensionTable.count);
  partRow.set(&modelc_part::dimensions, dimensionTable);
  partRow.set(&modelc_part::strip, constants.text(record.text("strip")));
  return partRow;
}

Table<modelc_part> TrainingTables::parts(Operation *op, Record &field,
                                         StringRef table) {
  SmallVector<Row<modelc_part>> rows;
  if (field.has("parts"))
    for (Attribute entries : field.array("parts"))
      rows.push_back(part(op, cast<DictionaryAttr>(entries),
                          (table + "." + Twine(rows.size())).str()));
  return constants.table<modelc_part>(("program.parts." + table).str(), rows,
                                      op->getLoc());
}

Table<modelc_pass> TrainingTables::passes(Operation *op, Record &field,
                                          StringRef table) {
  SmallVector<Row<modelc_pass>> rows;
  if (field.has("passes"))
    for (Attribute entries : field.array("passes")) {
      Record record(op, cast<DictionaryAttr>(entries), status);
      auto passRow = row<modelc_pass>();
      passRow.set(&modelc_pass::entry, entryIndex(op, record.symbol("entry")));
      passRow.set(&modelc_pass::times, record.smallNumber("times"));
      rows.push_back(std::move(passRow));
    }
  return constants.table<modelc_pass>(("program.passes." + table).str(), rows,
                                      op->getLoc());
}

Row<modelc_field> TrainingTables::field(Operation *op, DictionaryAttr entries) {
  Record record(op, entries, status);
  StringRef name = record.text("name");
  std::string tableName =
      (SymbolTable::getSymbolName(op).getValue() + "." + name).str();
  Table<const char *> columns =
      texts("program.columns." + tableName, op, record.array("names"));
  Table<modelc_part> partTable = parts(op, record, tableName);
  Table<modelc_pass> passTable = passes(op, record, tableName);
  Type element = record.type("dtype");
  auto optionalEntry = [&](StringRef key) {
    return record.has(key) ? entryIndex(op, record.symbol(key)) : -1;
  };
  auto optionalNumber = [&](StringRef key) {
    return record.has(key) ? record.smallNumber(key) : 0;
  };

  auto fieldRow = row<modelc_field>();
  fieldRow.set(&modelc_field::name, constants.text(name));
  fieldRow.set(&modelc_field::selector, selector(op, record.text("selector")));
  fieldRow.set(&modelc_field::first, record.smallNumber("first"));
  fieldRow.set(&modelc_field::last, record.smallNumber("last"));
  fieldRow.set(&modelc_field::name_count, columns.count);
  fieldRow.set(&modelc_field::names, columns);
  fieldRow.set(&modelc_field::dtype, element ? dtypeOf(element) : 0);
  fieldRow.set(&modelc_field::rank, record.smallNumber("rank"));
  fieldRow.set(&modelc_field::classes, record.smallNumber("classes"));
  fieldRow.set(&modelc_field::fit, optionalEntry("fit"));
  fieldRow.set(&modelc_field::preprocess, optionalEntry("preprocess"));
  fieldRow.set(&modelc_field::source, constants.text(record.text("source")));
  fieldRow.set(&modelc_field::part_count, partTable.count);
  fieldRow.set(&modelc_field::pass_count, passTable.count);
  fieldRow.set(&modelc_field::parts, partTable);
  fieldRow.set(&modelc_field::passes, passTable);
  fieldRow.set(&modelc_field::window, optionalNumber("window"));
  fieldRow.set(&modelc_field::ahead, optionalNumber("ahead"));
  fieldRow.set(&modelc_field::restore, optionalEntry("restore") + 1);
  fieldRow.set(&modelc_field::reserved, 0);
  return fieldRow;
}

Table<modelc_file> TrainingTables::files(Operation *op, Record &source,
                                         StringRef table) {
  SmallVector<Row<modelc_file>> rows;
  if (source.has("files"))
    for (Attribute entries : source.array("files")) {
      Record record(op, cast<DictionaryAttr>(entries), status);
      auto fileRow = row<modelc_file>();
      fileRow.set(&modelc_file::name, constants.text(record.text("name")));
      fileRow.set(&modelc_file::path, constants.text(record.text("path")));
      rows.push_back(std::move(fileRow));
    }
  return constants.table<modelc_file>(("program.files." + table).str(), rows,
                                      op->getLoc());
}

Row<modelc_split> TrainingTables::split(Operation *op, DictionaryAttr entries) {
  Record record(op, entries, status);
  StringRef name = record.text("name");
  Table<modelc_file> fileTable =
      files(op, record,
            (SymbolTable::getSymbolName(op).getValue() + "." + name).str());
  auto splitRow = row<modelc_split>();
  splitRow.set(&modelc_split::name, constants.text(name));
  splitRow.set(&modelc_split::share, record.real("share"));
  splitRow.set(&modelc_split::path, record.has("path")
                                        ? constants.text(record.text("path"))
                                        : Text());
  splitRow.set(&modelc_split::file_count, fileTable.count);
  splitRow.set(&modelc_split::reserved, 0);
  splitRow.set(&modelc_split::files, fileTable);
  return splitRow;
}

/// What came to the structure after its first version.
void TrainingTables::addSourceOptions(DataOp data, Record &options,
                                      Row<modelc_data> &dataRow) {
  std::string name = data.getSymName().str();
  auto number = [&](StringRef key, int32_t otherwise) {
    return options.has(key) ? options.smallNumber(key) : otherwise;
  };
  int32_t separator = data.getFormat() == "tsv" ? '\t' : 0;
  if (options.has("separator"))
    separator = options.text("separator").front();
  Table<const char *> missing;
  if (options.has("missing"))
    missing = texts("program.missing." + name, data, options.array("missing"));
  Table<modelc_file> fileTable = files(data, options, name);
  Table<modelc_part> key;
  if (options.has("key"))
    key = constants.table<modelc_part>(
        "program.key." + name,
        part(data, options.dictionary("key"), name + ".key"), data.getLoc());
  static const StringRef rules[] = {"", "stratified", "grouped"};
  int32_t rule = options.has("rule") ? choiceOf(options.text("rule"), rules,
                                                data, "rule", status)
                                     : 0;
  dataRow.set(&modelc_data::separator, separator);
  dataRow.set(&modelc_data::missing_count, missing.count);
  dataRow.set(&modelc_data::missing, missing);
  dataRow.set(&modelc_data::file_count, fileTable.count);
  dataRow.set(&modelc_data::rule, rule);
  dataRow.set(&modelc_data::files, fileTable);
  dataRow.set(&modelc_data::key, key);
  dataRow.set(&modelc_data::key_field, number("key_field", -1));
  dataRow.set(&modelc_data::folds, number("folds", 0));
}

Table<modelc_data> TrainingTables::data() {
  SmallVector<Row<modelc_data>> rows;
  for (auto data : module.getOps<DataOp>()) {
    SmallVector<Row<modelc_field>> fields;
    for (auto entries : data.getFields().getAsRange<DictionaryAttr>())
      fields.push_back(field(data, entries));
    SmallVector<Row<modelc_split>> splits;
    for (auto entries : data.getSplits().getAsRange<DictionaryAttr>())
      splits.push_back(split(data, entries));
    std::string name = data.getSymName().str();
    Location location = data.getLoc();
    auto fieldTable = constants.table<modelc_field>("program.fields." + name,
                                                    fields, location);
    auto splitTable = constants.table<modelc_split>("program.splits." + name,
                                                    splits, location);
    Record options(data, data.getOptions(), status);
    auto dataRow = row<modelc_data>();
    dataRow.set(&modelc_data::name, constants.text(name));
    dataRow.set(&modelc_data::format, constants.text(data.getFormat()));
    dataRow.set(&modelc_data::path, data.getPath().empty()
                                        ? Text()
                                        : constants.text(data.getPath()));
    dataRow.set(&modelc_data::field_count, fieldTable.count);
    dataRow.set(&modelc_data::split_count, splitTable.count);
    dataRow.set(&modelc_data::fields, fieldTable);
    dataRow.set(&modelc_data::splits, splitTable);
    dataRow.set(&modelc_data::header, options.smallNumber("header"));
    dataRow.set(&modelc_data::shuffle, options.truth("shuffle"));
    dataRow.set(&modelc_data::rows, options.number("rows"));
    dataRow.set(&modelc_data::seed, options.number("seed"));
    addSourceOptions(data, options, dataRow);
    rows.push_back(std::move(dataRow));
  }
  return constants.table<modelc_data>("program.data", rows, module.getLoc());
}

//===----------------------------------------------------------------------===//
// Training
//===----------------------------------------------------------------------===//

Table<modelc_metric> TrainingTables::metrics(Operation *op, ArrayAttr metrics) {
  SmallVector<Row<modelc_metric>> rows;
  for (auto entries : metrics.getAsRange<DictionaryAttr>()) {
    Record record(op, entries, status);
    auto metricRow = row<modelc_metric>();
    metricRow.set(&modelc_metric::name, constants.text(record.text("name")));
    metricRow.set(&modelc_metric::output, rows.size());
    metricRow.set(&modelc_metric::larger_is_better,
                  record.truth("larger_is_better"));
    static const StringRef units[] = {"", "column", "model"};
    metricRow.set(&modelc_metric::units,
                  record.has("units") ? choiceOf(record.text("units"), units,
                                                 op, "units", status)
                                      : 0);
    metricRow.set(&modelc_metric::reserved, 0);
    rows.push_back(std::move(metricRow));
  }
  return constants.table<modelc_metric>("program.metrics", rows, op->getLoc());
}

Table<modelc_training> TrainingTables::training() {
  auto plans = llvm::to_vector(module.getOps<TrainingOp>());
  if (plans.empty())
    return {};
  TrainingOp plan = plans.front();
  if (plans.size() > 1) {
    plans[1].emitOpError("is a second training plan");
    status = failure();
  }
  int32_t data = -1;
  for (auto [i, declared] : llvm::enumerate(module.getOps<DataOp>()))
    if (declared.getSymName() == plan.getData())
      data = i;
  if (data < 0) {
    plan.emitOpError("names ") << plan.getDataAttr() << ", which is no data";
    status = failure();
  }
  Record options(plan, plan.getOptions(), status);
  Table<modelc_metric> metricTable = metrics(plan, plan.getMetrics());
  FlatSymbolRefAttr step = plan.getStepAttr();
  FlatSymbolRefAttr fullStep = plan.getFullStepAttr();
  auto planRow = row<modelc_training>();
  planRow.set(&modelc_training::data, data);
  planRow.set(&modelc_training::step,
              entryIndex(plan, fullStep ? fullStep : step));
  planRow.set(&modelc_training::step_partial, entryIndex(plan, step));
  planRow.set(&modelc_training::evaluate,
              entryIndex(plan, plan.getEvaluateAttr()));
  planRow.set(&modelc_training::finish, entryIndex(plan, plan.getFinishAttr()));
  planRow.set(&modelc_training::metric_count, metricTable.count);
  planRow.set(&modelc_training::metrics, metricTable);
  planRow.set(&modelc_training::batch, options.number("batch"));
  planRow.set(&modelc_training::epochs, options.number("epochs"));
  planRow.set(&modelc_training::shuffle, options.truth("shuffle"));
  planRow.set(&modelc_training::patience, options.smallNumber("patience"));
  planRow.set(&modelc_training::monitor, options.smallNumber("monitor"));
  planRow.set(&modelc_training::monitor_split,
              options.smallNumber("monitor_split"));
  planRow.set(&modelc_training::seed, options.number("seed"));
  planRow.set(&modelc_training::trap, entryIndex(plan, plan.getTrapAttr()) + 1);
  planRow.set(&modelc_training::reserved, 0);
  return constants.table<modelc_training>("program.training", planRow,
                                          plan.getLoc());
}

LogicalResult TrainingTables::addTo(Row<modelc_program> &program) {
  Table<modelc_hyper> hyperTable = hypers();
  Table<modelc_data> dataTable = data();
  program.set(&modelc_program::hyper_count, hyperTable.count);
  program.set(&modelc_program::hypers, hyperTable);
  program.set(&modelc_program::data_count, dataTable.count);
  program.set(&modelc_program::data, dataTable);
  program.set(&modelc_program::training, training());
  return status;
}
