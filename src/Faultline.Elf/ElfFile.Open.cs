using Faultline.Elf.Headers;
using Faultline.Elf.Sources;

namespace Faultline.Elf;

/// <summary>Opening: what load_elf_binary checks before it looks at any segment.</summary>
internal sealed partial class ElfFile
{
    /// <summary>Largest program header table that Linux accepts, in bytes (load_elf_phdrs).</summary>
    public const int MaxProgramHeaderBytes = 65536;

    /// <summary>
    /// The shortest file whose headers can be complete for Linux: exec reads the header into a zeroed buffer, so only the
    /// bytes up to e_phnum have to exist.
    /// </summary>
    private const int ShortestProgram = 57;

    /// <summary>Opens a program, as execve(2) would.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="error">Why the file is refused, or no error.</param>
    /// <returns>The file, or null with <paramref name="error"/> set.</returns>
    public static ElfFile? Open(IElfSource source, out ElfError error) => Open(source, ElfRole.Program, out error);

    /// <summary>Opens a file for a purpose.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="role">What the file is for; an interpreter's faults give ELIBBAD where a program's give ENOEXEC.</param>
    /// <param name="error">Why the file is refused, or no error.</param>
    /// <returns>The file, or null with <paramref name="error"/> set.</returns>
    public static ElfFile? Open(IElfSource source, ElfRole role, out ElfError error)
    {
        Span<byte> bytes = stackalloc byte[ElfHeader.Size];
        bytes.Clear();
        if (!ReadHeader(source, role, bytes, out error))
        {
            return null;
        }

        ElfHeader header = new(bytes);
        if (!CheckHeader(header, role, out error))
        {
            return null;
        }

        int count = header.e_phnum;
        ProgramHeader[] segments = [];
        if (count != 0)
        {
            byte[] table = new byte[count * ProgramHeader.Size];
            if (!source.TryReadExactly(header.e_phoff, table))
            {
                error = new ElfError(
                    ElfErrorCode.TruncatedProgramHeaders,
                    BadFormat(role),
                    $"truncated: program headers end at {Hex.End(header.e_phoff, (ulong)table.Length)} but the file has {source.Length} bytes");
                return null;
            }

            segments = new ProgramHeader[count];
            for (int i = 0; i < count; i++)
            {
                segments[i] = new ProgramHeader(table.AsSpan(i * ProgramHeader.Size));
            }
        }

        if (role == ElfRole.Interpreter && header.e_type is not (ElfType.ET_EXEC or ElfType.ET_DYN))
        {
            // Looked at last, by load_elf_interp, whose ~0UL the caller reads as -EPERM when there is no old image to return to.
            error = WrongType(header.e_type, ElfErrno.EPERM, isFatal: true);
            return null;
        }

        return new ElfFile(source, header, segments);
    }

    /// <summary>The errno of a malformed file: ENOEXEC lets execve try other formats, ELIBBAD blames the interpreter.</summary>
    internal static int BadFormat(ElfRole role) => role == ElfRole.Interpreter ? ElfErrno.ELIBBAD : ElfErrno.ENOEXEC;

    private static bool ReadHeader(IElfSource source, ElfRole role, Span<byte> bytes, out ElfError error)
    {
        error = default;
        int done = 0;
        while (done < bytes.Length)
        {
            int count = source.Read(done, bytes[done..]);
            if (count < 0)
            {
                error = new ElfError(ElfErrorCode.ReadFailed, -count, $"the file cannot be read (errno {-count})");
                return false;
            }

            if (count == 0)
            {
                break;
            }

            done += count;
        }

        // The kernel reads an interpreter's header with elf_read, which turns a short read into EIO before it looks at the magic.
        bool isShortInterpreter = role == ElfRole.Interpreter && done < ElfHeader.Size;
        int errno = isShortInterpreter ? ElfErrno.EIO : BadFormat(role);
        if (!ElfHeader.HasMagic(bytes[..done]))
        {
            error = new ElfError(ElfErrorCode.NotElf, errno, done == 0 ? "not an ELF file (it is empty)" : "not an ELF file");
            return false;
        }

        if (done < (role == ElfRole.Program ? ShortestProgram : ElfHeader.Size))
        {
            error = new ElfError(
                ElfErrorCode.TruncatedHeader,
                errno,
                $"truncated: the ELF header has {ElfHeader.Size} bytes but the file has {done}");
            return false;
        }

        return true;
    }

    private static bool CheckHeader(in ElfHeader header, ElfRole role, out ElfError error)
    {
        int errno = BadFormat(role);

        // Linux tells classes apart by e_machine and e_phentsize alone, so a file with the layout of ELF64 runs whatever
        // EI_CLASS, EI_DATA and EI_VERSION say. The identification bytes serve here to explain why another file is refused.
        bool hasLayoutOfElf64 = header.e_machine == ElfMachine.EM_X86_64
            && (header.e_phentsize == ProgramHeader.Size || (role == ElfRole.Inspect && header.Class == ElfHeader.ELFCLASS64));
        if (!hasLayoutOfElf64 && header.Class == ElfHeader.ELFCLASS32)
        {
            error = new ElfError(ElfErrorCode.WrongClass, errno, "32-bit ELF (ELFCLASS32); only x86-64 is supported");
        }
        else if (!hasLayoutOfElf64 && header.Data == ElfHeader.ELFDATA2MSB)
        {
            error = new ElfError(ElfErrorCode.WrongByteOrder, errno, "big-endian ELF (ELFDATA2MSB); only x86-64 is supported");
        }
        else if (header.e_machine != ElfMachine.EM_X86_64)
        {
            error = new ElfError(ElfErrorCode.WrongMachine, errno, $"machine {ElfMachine.Describe(header.e_machine)}, not x86-64");
        }
        else if (role == ElfRole.Program && header.e_type is not (ElfType.ET_EXEC or ElfType.ET_DYN))
        {
            error = WrongType(header.e_type, errno, isFatal: false);
        }
        else if (role == ElfRole.Inspect && header.e_phnum == 0)
        {
            error = default;
            return true;
        }
        else if (header.e_phentsize != ProgramHeader.Size)
        {
            error = new ElfError(
                ElfErrorCode.ProgramHeaderEntrySize,
                errno,
                $"program headers of {header.e_phentsize} bytes each (e_phentsize); ELF64 has {ProgramHeader.Size}");
        }
        else if (header.e_phnum == 0)
        {
            error = new ElfError(ElfErrorCode.NoProgramHeaders, errno, "no program headers (e_phnum is 0)");
        }
        else if (header.e_phnum * ProgramHeader.Size > MaxProgramHeaderBytes)
        {
            error = new ElfError(
                ElfErrorCode.TooManyProgramHeaders,
                errno,
                $"{header.e_phnum} program headers; their table may not exceed {MaxProgramHeaderBytes} bytes");
        }
        else
        {
            error = default;
            return true;
        }

        return false;
    }

    private static ElfError WrongType(ElfType type, int errno, bool isFatal)
    {
        string what = type switch
        {
            ElfType.ET_REL => "a relocatable object (ET_REL)",
            ElfType.ET_CORE => "a core file (ET_CORE)",
            _ => $"of type {(ushort)type}",
        };
        return new ElfError(ElfErrorCode.WrongType, errno, $"the file is {what}, not an executable (ET_EXEC or ET_DYN)", isFatal);
    }
}
