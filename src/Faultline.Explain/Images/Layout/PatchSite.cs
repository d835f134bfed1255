namespace Faultline.Explain.Images.Layout;

/// <summary>A place that ftrace may patch.</summary>
/// <param name="Address">The place.</param>
/// <param name="Bytes">The five bytes there, little-endian.</param>
internal readonly record struct PatchSite(ulong Address, ulong Bytes);
