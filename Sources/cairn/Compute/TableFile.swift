import ArgumentParser

/// A CSV file or a log, read as a table; prints what is wrong and ends with exit code 2.
enum TableFile {
  /// Reads the table behind a path; of a log, the readings of a time in milliseconds since 1970.
  static func read(_ path: String, within range: Range<UInt64> = 0..<UInt64.max) throws -> CSVTable
  {
    if FileBytes.isDirectory(path) {
      do {
        return try LogTable.read(path, within: range)
      } catch let error where !(error is ExitCode) {
        throw refusal("\(path): \(error)")
      }
    }
    let bytes: [UInt8]
    do throws(FileBytes.Unreadable) {
      bytes = try FileBytes.read(path, limit: 1 << 32)
    } catch {
      throw refusal("\(error); name a CSV file with a header, or the directory of a log")
    }
    do throws(CSVTable.Failure) {
      return try CSVTable(bytes)
    } catch {
      throw refusal("\(path):\(error.line): \(error.message)")
    }
  }

  private static func refusal(_ text: String) -> ExitCode {
    StandardStream.error.line("cairn: \(text)")
    return ExitCode(2)
  }
}
