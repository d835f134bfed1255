namespace Faultline.Linux.Fs.Dev;

/// <summary>The memory devices; the values are their minor numbers, the major number is 1 (devices.txt).</summary>
internal enum DeviceKind : uint
{
    /// <summary>Empty to read, takes everything.</summary>
    Null = 3,

    /// <summary>Zeros without end.</summary>
    Zero = 5,

    /// <summary>Zeros without end, and no space to write.</summary>
    Full = 7,

    /// <summary>Random bytes.</summary>
    Random = 8,

    /// <summary>Random bytes too.</summary>
    Urandom = 9,
}
