extension Recording {
  /// Reads a recording from comma-separated text; `columns` says which columns are kept, nil all.
  ///
  /// The first line names the columns, every other line is a row. `timeColumn` names the column
  /// with the time, by default the first: `YYYY-MM-DD HH:MM:SS[.fff]`, ISO 8601 with a zone, or
  /// seconds since 1970, in one form throughout and rising strictly. An empty cell or `NaN` is a
  /// missing value. Cells are never quoted; blanks around them mean nothing. Columns that are not
  /// kept may hold anything.
  public init(
    name: String, csv bytes: [UInt8], columns wanted: Set<String>? = nil,
    timeColumn: String? = nil
  ) throws(RecordingFailure) {
    var scanner = CommaSeparatedLines(bytes)
    func failure(_ kind: RecordingFailure.Kind, line: Int) -> RecordingFailure {
      RecordingFailure(recording: name, line: line, kind)
    }
    guard !bytes.starts(with: [0xEF, 0xBB, 0xBF]) else { throw failure(.byteOrderMark, line: 1) }
    guard scanner.advance(), !scanner.isBlank else { throw failure(.noHeader, line: 1) }
    guard !scanner.hasQuote else { throw failure(.quoted, line: 1) }
    var header: [String] = []
    for range in scanner.cells {
      guard let title = String(validating: bytes[range], as: UTF8.self) else {
        throw failure(.notUTF8, line: 1)
      }
      guard !title.isEmpty else { throw failure(.unnamedColumn(header.count + 1), line: 1) }
      guard !header.contains(title) else { throw failure(.repeatedColumn(title), line: 1) }
      header.append(title)
    }
    var timeIndex = 0
    if let timeColumn {
      guard let index = header.firstIndex(of: timeColumn) else {
        throw failure(.noSuchColumn(timeColumn, known: header), line: 1)
      }
      timeIndex = index
    }
    let known = header.indices.filter { $0 != timeIndex }
    let names = known.map { header[$0] }
    if let absent = wanted?.filter({ !names.contains($0) }).min() {
      throw failure(.noSuchColumn(absent, known: names), line: 1)
    }
    let kept = known.filter { wanted?.contains(header[$0]) ?? true }

    var form: RecordingTime.Form?
    var times: [Int64] = []
    var values = [[Double]](repeating: [], count: kept.count)
    // Reserved once, so that a recording is not twice as large as its rows.
    let lines = bytes.count { $0 == UInt8(ascii: "\n") }
    times.reserveCapacity(lines)
    for index in values.indices { values[index].reserveCapacity(lines) }
    while scanner.advance() {
      let line = scanner.line
      guard !scanner.isBlank else { throw failure(.blankLine, line: line) }
      guard !scanner.hasQuote else { throw failure(.quoted, line: line) }
      guard scanner.cells.count == header.count else {
        throw failure(.cellCount(scanner.cells.count, expected: header.count), line: line)
      }
      let cell = bytes[scanner.cells[timeIndex]]
      let text = String(decoding: cell, as: UTF8.self)
      guard let time = RecordingTime(cell) else { throw failure(.notATime(text), line: line) }
      guard form == nil || form == time.form else {
        throw failure(.otherFormOfTime(text), line: line)
      }
      if let previous = times.last, previous >= time.nanoseconds {
        let above = RecordingTime(form: time.form, nanoseconds: previous).description
        throw failure(.notLater(text, than: above), line: line)
      }
      form = time.form
      times.append(time.nanoseconds)
      for (index, column) in kept.enumerated() {
        let cell = bytes[scanner.cells[column]]
        guard let value = Self.number(cell) else {
          let text = String(decoding: cell, as: UTF8.self)
          throw failure(.notANumber(text, column: header[column]), line: line)
        }
        values[index].append(value)
      }
    }
    guard let form, times.count >= 2 else {
      throw failure(.tooFewRows(times.count), line: scanner.line)
    }
    self.init(
      name: name, columns: kept.map { header[$0] }, form: form, times: times, cells: values)
  }

  /// Reads a recording from comma-separated text, as from its bytes.
  public init(
    name: String, csv text: String, columns wanted: Set<String>? = nil, timeColumn: String? = nil
  ) throws(RecordingFailure) {
    try self.init(name: name, csv: Array(text.utf8), columns: wanted, timeColumn: timeColumn)
  }

  /// The number in a cell, not-a-number where it is missing, nil where it is something else.
  private static func number(_ cell: ArraySlice<UInt8>) -> Double? {
    if cell.isEmpty { return .nan }
    let text = String(decoding: cell, as: UTF8.self)
    if cell.count == 3, text.lowercased() == "nan" { return .nan }
    // `Double` also reads hexadecimal numbers and words for infinity.
    let isPlain = cell.allSatisfy { byte in
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
        || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".")
        || byte | 0x20 == UInt8(ascii: "e")
    }
    guard isPlain, let value = Double(text), value.isFinite else { return nil }
    return value
  }
}

/// Goes through text line by line and says where the cells of the present line are.
struct CommaSeparatedLines {
  private let bytes: [UInt8]
  private var position = 0
  /// The present line, counted from 1; 0 before the first.
  private(set) var line = 0
  /// Where the cells are, without the blanks around them.
  private(set) var cells: [Range<Int>] = []
  /// Whether the line has a quotation mark.
  private(set) var hasQuote = false

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Whether the line holds nothing but blanks.
  var isBlank: Bool { cells.count == 1 && cells[0].isEmpty }

  /// Goes to the next line; false where the text ends.
  mutating func advance() -> Bool {
    guard position < bytes.count else { return false }
    line += 1
    cells.removeAll(keepingCapacity: true)
    hasQuote = false
    var start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: "\n") {
      if bytes[position] == UInt8(ascii: ",") {
        cells.append(trimmed(start..<position))
        start = position + 1
      } else if bytes[position] == UInt8(ascii: "\"") {
        hasQuote = true
      }
      position += 1
    }
    let end =
      position > start && bytes[position - 1] == UInt8(ascii: "\r") ? position - 1 : position
    cells.append(trimmed(start..<end))
    position += 1
    return true
  }

  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    var low = range.lowerBound
    var high = range.upperBound
    while low < high, isBlank(bytes[low]) { low += 1 }
    while low < high, isBlank(bytes[high - 1]) { high -= 1 }
    return low..<high
  }
}
