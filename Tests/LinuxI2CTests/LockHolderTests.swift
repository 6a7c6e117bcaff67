import Testing

@testable import LinuxI2C

/// In the form of proc_locks(5).
private let table = """
  1: POSIX  ADVISORY  READ  5433 08:01:7864448 128 128
  2: FLOCK  ADVISORY  WRITE 2304 00:16:1234 0 EOF
  2: -> FLOCK  ADVISORY  WRITE 2999 00:16:1234 0 EOF
  3: FLOCK  ADVISORY  WRITE -1 00:05:77 0 EOF
  4: POSIX  ADVISORY  WRITE 600 00:05:99 0 EOF
  5: FLOCK  ADVISORY  WRITE 601 103:2:88 0 EOF
  """

@Test func `the holder of a file's lock is found by device and number`() {
  let file = FileIdentity(major: 0, minor: 0x16, inode: 1234)
  #expect(LockHolder.process(holding: file, in: table) == 2304)
  let onDisk = FileIdentity(major: 0x103, minor: 2, inode: 88)
  #expect(LockHolder.process(holding: onDisk, in: table) == 601)
}

@Test(arguments: [
  FileIdentity(major: 0, minor: 0x16, inode: 1235),
  FileIdentity(major: 0, minor: 16, inode: 1234),
  // Held in another container.
  FileIdentity(major: 0, minor: 5, inode: 77),
  // A lock of fcntl(2), which does not keep flock(2) out.
  FileIdentity(major: 0, minor: 5, inode: 99),
])
func `nobody holds other files`(_ file: FileIdentity) {
  #expect(LockHolder.process(holding: file, in: table) == nil)
}

@Test(arguments: ["", "\n\n", "1:", "1: FLOCK ADVISORY WRITE 12", "1: FLOCK A W 12 a:b:c 0 EOF"])
func `damaged tables name nobody`(_ table: String) {
  #expect(
    LockHolder.process(holding: FileIdentity(major: 10, minor: 11, inode: 12), in: table) == nil)
}

@Test func `a holder is a number, and a name where there is one`() {
  #expect(LockHolder(process: 7, program: "cairn").description == "process 7 (cairn)")
  #expect(LockHolder(process: 7, program: nil).description == "process 7")
}
