namespace Faultline.Linux.Kernel;

/// <summary>A folder of the host that guests see at a place of their own (<c>--bind</c>).</summary>
/// <param name="HostFolder">The folder, a path of the host.</param>
/// <param name="GuestPath">Where: an absolute path whose parent exists.</param>
/// <param name="IsReadOnly">Nothing in it can be changed from there.</param>
internal sealed record Bind(string HostFolder, string GuestPath, bool IsReadOnly);
