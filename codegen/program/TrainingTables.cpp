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

Row<modelc_field> TrainingTables::field(Operation *op, DictionaryAttr entries) {
  Record record(op, entries, status);
  StringRef selector = record.text("selector");
  if (selector != "range" && selector != "named") {
    op->emitOpError("has the unknown selector `") << selector << "`";
    status = failure();
  }
  SmallVector<Text> names;
  for (Attribute name : record.array("names"))
    names.push_back(constants.text(cast<StringAttr>(name).getValue()));
  StringRef name = record.text("name");
  std::string tableName =
      (SymbolTable::getSymbolName(op).getValue() + "." + name).str();
  Table<const char *> columns =
      constants.table("program.columns." + tableName, names, op->getLoc());
  Type element = record.type("dtype");
  auto optionalEntry = [&](StringRef key) {
    return record.has(key) ? entryIndex(op, record.symbol(key)) : -1;
  };

  auto fieldRow = row<modelc_field>();
  fieldRow.set(&modelc_field::name, constants.text(name));
  fieldRow.set(&modelc_field::selector, selector == "named"
                                            ? MODELC_COLUMNS_NAMED
                                            : MODELC_COLUMNS_RANGE);
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
  return fieldRow;
}

Row<modelc_split> TrainingTables::split(Operation *op, DictionaryAttr entries) {
  Record record(op, entries, status);
  auto splitRow = row<modelc_split>();
  splitRow.set(&modelc_split::name, constants.text(record.text("name")));
  splitRow.set(&modelc_split::share, record.real("share"));
  splitRow.set(&modelc_split::path, record.has("path")
                                        ? constants.text(record.text("path"))
                                        : Text());
  return splitRow;
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
