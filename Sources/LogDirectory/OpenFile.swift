import Evidence
import Glibc

/// An open file that closes itself, and whose every failure names the file and the call.
struct OpenFile: ~Copyable {
  let path: String
  let descriptor: Int32

  init(_ path: String, _ flags: Int32, mode: mode_t = 0o644) throws(LogFailure) {
    var result: Int32
    repeat { result = open(path, flags | O_CLOEXEC, mode) } while result < 0 && errno == EINTR
    guard result >= 0 else { throw Self.failure(path, "open") }
    self.path = path
    descriptor = result
  }

  deinit { _ = Glibc.close(descriptor) }

  /// The words of a failure for lack of room.
  static let noSpace = String(cString: strerror(ENOSPC))

  static func failure(_ path: String, _ call: String) -> LogFailure {
    .system(file: path, call: call, error: String(cString: strerror(errno)))
  }

  var byteCount: Int {
    get throws(LogFailure) {
      var status = stat()
      guard fstat(descriptor, &status) == 0 else { throw Self.failure(path, "fstat") }
      return Int(status.st_size)
    }
  }

  /// Fills up to `count` bytes from an offset; fewer where the file ends.
  func read(_ count: Int, at offset: Int) throws(LogFailure) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let got = buffer.withUnsafeMutableBytes { raw in
        pread(descriptor, raw.baseAddress?.advanced(by: done), count - done, off_t(offset + done))
      }
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { throw Self.failure(path, "pread") }
      if got == 0 { break }
      done += got
    }
    buffer.removeLast(count - done)
    return buffer
  }

  func write(_ bytes: [UInt8], at offset: Int) throws(LogFailure) {
    var done = 0
    while done < bytes.count {
      let put = bytes.withUnsafeBytes { raw in
        pwrite(
          descriptor, raw.baseAddress?.advanced(by: done), bytes.count - done,
          off_t(offset + done))
      }
      if put < 0 && errno == EINTR { continue }
      guard put != 0 else {
        throw .system(file: path, call: "pwrite", error: "nothing was written")
      }
      guard put > 0 else { throw Self.failure(path, "pwrite") }
      done += put
    }
  }

  func truncate(to byteCount: Int) throws(LogFailure) {
    guard ftruncate(descriptor, off_t(byteCount)) == 0 else {
      throw Self.failure(path, "ftruncate")
    }
  }

  func synchronizeData() throws(LogFailure) {
    guard fdatasync(descriptor) == 0 else { throw Self.failure(path, "fdatasync") }
  }

  func synchronize() throws(LogFailure) {
    guard fsync(descriptor) == 0 else { throw Self.failure(path, "fsync") }
  }
}
