/// What a test could not set up, and what to do about it.
package struct SetupFailure: Error, CustomStringConvertible {
  package let description: String

  package init(description: String) { self.description = description }
}
