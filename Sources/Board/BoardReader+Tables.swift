public import Configuration

extension BoardReader {
  /// Kernels over the columns of a table, read as those of a board file.
  ///
  /// Each entry is a kernel's name and its mapping. Columns are named as they stand in the table;
  /// one with an unknown unit fits every input.
  public static func kernels(
    _ entries: [ConfigurationNode.Entry], over columns: [ChannelReference]
  ) -> Result<[KernelDeclaration], BoardFileErrors> {
    var reader = BoardReader()
    reader.columns = columns
    let start = Position(line: 1, column: 1)
    let table = ConfigurationNode(.mapping(entries), at: start)
    let root = ConfigurationNode(
      .mapping([.init(key: "kernels", position: start, value: table)]), at: start)
    let options = Board.options.filter { $0.name == "kernels" }
    guard let values = reader.options.section(root, options, called: "the kernels") else {
      return .failure(BoardFileErrors(diagnostics: reader.options.diagnostics))
    }
    let kernels = reader.readKernels(values)
    let diagnostics = reader.options.diagnostics
    return diagnostics.isEmpty
      ? .success(kernels) : .failure(BoardFileErrors(diagnostics: diagnostics))
  }
}
