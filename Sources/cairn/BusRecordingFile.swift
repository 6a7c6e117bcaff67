import Drivers

/// A bus recording in a file.
enum BusRecordingFile {
  /// Why a file holds no bus recording.
  struct Failure: Error {
    let message: String
  }

  /// Reads a recording.
  static func read(_ path: String) throws(Failure) -> BusRecording {
    let limit = 64 << 20
    let bytes: [UInt8]
    do {
      bytes = try FileBytes.read(path, limit: limit)
    } catch {
      throw Failure(message: "\(error)")
    }
    guard bytes.count <= limit else { throw Failure(message: "'\(path)' is larger than 64 MiB") }
    do {
      return try BusRecording(parsing: String(decoding: bytes, as: UTF8.self))
    } catch {
      throw Failure(message: "'\(path)' \(error)")
    }
  }
}
