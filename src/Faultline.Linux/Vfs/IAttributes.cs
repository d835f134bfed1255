namespace Faultline.Linux.Vfs;

/// <summary>Extended attributes of one file (xattr(7)). Each call returns a size or 0, or a negative errno.</summary>
internal interface IAttributes
{
    /// <summary>Reads one; an empty buffer asks for the size.</summary>
    int Get(string attribute, Span<byte> buffer);

    /// <summary>The names, each with a NUL; an empty buffer asks for the size.</summary>
    int List(Span<byte> buffer);

    /// <summary>Sets one (XATTR_ flags).</summary>
    int Set(string attribute, ReadOnlySpan<byte> value, int flags);

    /// <summary>Removes one.</summary>
    int Remove(string attribute);
}
