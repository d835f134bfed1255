using Faultline.Elf.Headers;
using Faultline.Elf.Sources;

namespace Faultline.Elf;

/// <summary>PT_INTERP, as load_elf_binary reads it.</summary>
internal sealed partial class ElfFile
{
    /// <summary>PATH_MAX of Linux: the longest path with its NUL, in bytes.</summary>
    public const int PATH_MAX = 4096;

    /// <summary>
    /// The path of the program interpreter. Only the first PT_INTERP counts.
    /// </summary>
    /// <param name="path">
    /// The path's bytes without the NUL (a path has no encoding on Linux), cut at the first NUL; null when there is no PT_INTERP. It
    /// may be empty: open_exec then finds the working directory, which is not a regular file (EACCES).
    /// </param>
    /// <param name="error">Why the segment is refused, or no error.</param>
    /// <returns>False with <paramref name="error"/> set when Linux refuses the segment.</returns>
    public bool TryGetInterpreter(out byte[]? path, out ElfError error)
    {
        path = null;
        error = default;
        int index = FindSegment(SegmentType.PT_INTERP);
        if (index < 0)
        {
            return true;
        }

        ref readonly ProgramHeader segment = ref ProgramHeaders[index];
        if (segment.p_filesz is < 2 or > PATH_MAX)
        {
            error = new ElfError(
                ElfErrorCode.InterpreterPathLength,
                ElfErrno.ENOEXEC,
                $"PT_INTERP has {segment.p_filesz} bytes; a path has 2 to {PATH_MAX}");
            return false;
        }

        byte[] bytes = new byte[(int)segment.p_filesz];
        if (!Source.TryReadExactly(segment.p_offset, bytes))
        {
            // rw_verify_area refuses a range that ends past the largest position with EINVAL; elf_read turns a short read into EIO.
            error = new ElfError(
                ElfErrorCode.InterpreterPathTruncated,
                segment.p_offset > long.MaxValue - segment.p_filesz ? ElfErrno.EINVAL : ElfErrno.EIO,
                $"truncated: PT_INTERP ends at {Hex.End(segment.p_offset, segment.p_filesz)} but the file has {Source.Length} bytes");
            return false;
        }

        if (bytes[^1] != 0)
        {
            error = new ElfError(ElfErrorCode.InterpreterPathNotTerminated, ElfErrno.ENOEXEC, "the path in PT_INTERP does not end in a NUL");
            return false;
        }

        path = bytes[..Array.IndexOf(bytes, (byte)0)];
        return true;
    }
}
