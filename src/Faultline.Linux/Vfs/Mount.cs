namespace Faultline.Linux.Vfs;

/// <summary>A file system mounted on an entry of another.</summary>
/// <param name="Parent">The directory that has the entry.</param>
/// <param name="Name">The entry.</param>
/// <param name="FileSystem">What is mounted there.</param>
internal sealed record Mount(DirectoryNode Parent, string Name, FileSystem FileSystem);
