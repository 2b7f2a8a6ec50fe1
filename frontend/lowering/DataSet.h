// DataSet.h: a data declaration, as it is read from the program.
#ifndef MODELC_FRONTEND_LOWERING_DATASET_H
#define MODELC_FRONTEND_LOWERING_DATASET_H

#include "frontend/lowering/Lowering.h"

namespace modelc::lowering {

/// Columns that stand together in a row of a field; mirrors `modelc_part`.
struct DataPart {
  enum Selector { Range, Named, Array };
  Selector selector = Range;
  int64_t first = 0, last = 0;
  std::vector<llvm::StringRef> names;
  llvm::StringRef kind = "numbers"; // "categories", "labels"
  llvm::StringRef missing = "refuse", unseen = "refuse";
  int64_t classes = 0, length = 64;
  Slot *vocabulary = nullptr;
  llvm::SmallVector<int64_t> dimensions;
  std::string strip;
  bool isInteger = false; // whether the raw values are i32
  int64_t offset = 0;     // in the raw row

  int64_t width() const {
    return selector == Named ? names.size() : last - first;
  }
};

/// What a field consists of: parts, what is applied to them, concatenations.
struct FieldNode {
  enum Kind { Leaf, Transform, Function, Concat };
  Kind kind = Leaf;
  SourceRange range;
  std::vector<std::unique_ptr<FieldNode>> children;
  unsigned part = 0;                        // of a Leaf
  ast::Identifier callee;                   // of what is applied
  std::vector<ast::Argument> arguments;     // behind the first one
  const ast::Module *declaration = nullptr; // of a Transform
  Environment *environment = nullptr;
  InstanceReference transform; // made where the type of its input is known
  int64_t classes = 0;         // of labels and codes, for a Transform that asks
  bool isNamesake = false;     // of a Transform: a function is called like it
  std::optional<int64_t> columns; // of what it gives, once that is known
};

/// A field of a data declaration.
struct DataField {
  llvm::StringRef name;
  SourceRange range;
  ArrayType raw;  // what is read: [N, columns] or [N]
  ArrayType type; // what the model sees
  std::vector<DataPart> parts;
  std::unique_ptr<FieldNode> root;
  struct Pass {
    std::string entry;
    int64_t times;
  };
  std::vector<Pass> passes; // that learn from the training split
  std::string preprocess;   // entry, if there is one
  int64_t window = 0, ahead = 0;
};

/// Where rows come from: one file, or one for each array.
struct DataSetSource {
  struct File {
    llvm::StringRef name;
    std::string path;
  };
  std::string path;
  std::vector<File> files;
};

struct DataSet {
  const ast::Data *declaration = nullptr;
  std::string format;
  DataSetSource source;
  std::vector<DataField> fields;
  struct Split {
    llvm::StringRef name;
    double share = 0;
    DataSetSource source;
  };
  std::vector<Split> splits;
  std::string rule; // "stratified", "grouped", or empty
  int64_t keyField = -1;
  std::optional<DataPart> key; // the column of the rule, if it is no field
  int64_t header = -1, rows = 0, seed = 0, columns = 0;
  int64_t folds = 0; // then the splits are `train` and `valid`
  std::string separator;
  std::vector<std::string> missing;
  bool shuffle = false;

  bool isText() const { return format == "csv" || format == "tsv"; }
  bool isArrays() const {
    return format == "npy" || format == "idx" || format == "safetensors";
  }
};

} // namespace modelc::lowering

#endif
