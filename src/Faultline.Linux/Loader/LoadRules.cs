using Faultline.Elf.Layout;

namespace Faultline.Linux.Loader;

/// <summary>What an image is loaded by besides its own layout.</summary>
/// <param name="Policy">How segments are rounded to pages.</param>
/// <param name="MayMapLow">The process may map below vm.mmap_min_addr.</param>
internal readonly record struct LoadRules(LoadPolicy Policy, bool MayMapLow);
