using System.Numerics;
using Faultline.Elf.Headers;

namespace Faultline.Elf.Layout;

/// <summary>Checks of load_elf_binary and load_elf_interp, made before anything is mapped.</summary>
/// <remarks>
/// Linux finds most of these faults in the middle of loading, when the old image is gone. Every one of them then kills the
/// process, so looking for all of them first changes nothing that a program could see, and it lets a message be printed. One order
/// remains to the caller: Linux opens the interpreter (<see cref="ElfFile.TryGetInterpreter"/>) and checks its headers before it looks at
/// any segment, so that a missing interpreter wins over a fatal fault here.
/// </remarks>
internal sealed partial class ElfImageLayout
{
    /// <summary>Checks the segments of a file opened with <see cref="ElfFile.Open(Sources.IElfSource, ElfRole, out ElfError)"/>.</summary>
    /// <param name="file">The file, opened with the same role.</param>
    /// <param name="role">Program or Interpreter.</param>
    /// <param name="error">Why Linux would not load it, or no error.</param>
    /// <returns>The layout, or null with <paramref name="error"/> set.</returns>
    public static ElfImageLayout? Create(ElfFile file, ElfRole role, out ElfError error)
    {
        byte[]? interpreter = null;
        if (role == ElfRole.Program && !file.TryGetInterpreter(out interpreter, out error))
        {
            return null;
        }

        if (!TryCheckSegments(file, role, out LoadSegment[] segments, out error))
        {
            return null;
        }

        bool isPositionIndependent = file.Header.e_type == ElfType.ET_DYN;
        Bounds bounds = new(segments, file.Header.e_phoff);
        if (bounds.SpanLength == 0 && (isPositionIndependent || role == ElfRole.Interpreter))
        {
            error = new ElfError(
                ElfErrorCode.NoLoadSegments,
                ElfErrno.EINVAL,
                segments.Length == 0 ? "nothing to load (no PT_LOAD)" : "nothing to load (all PT_LOAD are empty)",
                isFatal: true);
            return null;
        }

        if (!isPositionIndependent && interpreter is null && file.Header.e_entry >= ElfPage.TASK_SIZE)
        {
            error = new ElfError(
                ElfErrorCode.EntryBeyondTaskSize,
                ElfErrno.EINVAL,
                $"the entry point {Hex.Of(file.Header.e_entry)} is outside the user address space",
                isFatal: true);
            return null;
        }

        return new ElfImageLayout(segments)
        {
            Kind = isPositionIndependent
                ? (interpreter is null ? ElfImageKind.StaticPie : ElfImageKind.DynamicPie)
                : (interpreter is null ? ElfImageKind.Static : ElfImageKind.Dynamic),
            Interpreter = interpreter,
            Entry = file.Header.e_entry,
            ProgramHeaderAddress = bounds.ProgramHeaderAddress,
            ProgramHeaderCount = file.Header.e_phnum,
            SpanStart = bounds.SpanStart,
            SpanLength = bounds.SpanLength,
            MaxAlignment = bounds.MaxAlignment,
            BreakStart = bounds.End,
            StartCode = bounds.StartCode,
            EndCode = bounds.EndCode,
            StartData = bounds.StartData,
            EndData = bounds.EndData,
            Stack = StackOf(file),
            Tls = RangeOf(file, SegmentType.PT_TLS),
            Relro = RangeOf(file, SegmentType.PT_GNU_RELRO),
            Property = RangeOf(file, SegmentType.PT_GNU_PROPERTY),
        };
    }

    private static bool TryCheckSegments(ElfFile file, ElfRole role, out LoadSegment[] segments, out ElfError error)
    {
        error = default;
        int count = 0;
        foreach (ref readonly ProgramHeader header in file.ProgramHeaders)
        {
            count += header.p_type == SegmentType.PT_LOAD ? 1 : 0;
        }

        segments = count == 0 ? [] : new LoadSegment[count];
        count = 0;
        for (int i = 0; i < file.ProgramHeaders.Length; i++)
        {
            ref readonly ProgramHeader header = ref file.ProgramHeaders[i];
            if (header.p_type != SegmentType.PT_LOAD)
            {
                continue;
            }

            if (!CheckSegment(i, header, role, (ulong)file.Source.Length, out error))
            {
                return false;
            }

            segments[count++] = new LoadSegment(i, header, file.Source.Length);
        }

        return true;
    }

    private static bool CheckSegment(int index, in ProgramHeader header, ElfRole role, ulong fileLength, out ElfError error)
    {
        // load_elf_interp reports its size checks as ENOMEM where load_elf_binary says EINVAL.
        int errno = role == ElfRole.Interpreter ? ElfErrno.ENOMEM : ElfErrno.EINVAL;
        if (header.p_filesz > header.p_memsz)
        {
            error = new ElfError(
                ElfErrorCode.SegmentFileSize,
                errno,
                $"program header {index}: {Hex.Of(header.p_filesz)} bytes in the file but {Hex.Of(header.p_memsz)} in memory",
                isFatal: true);
            return false;
        }

        if (header.p_vaddr >= ElfPage.TASK_SIZE || header.p_memsz > ElfPage.TASK_SIZE - header.p_vaddr)
        {
            error = new ElfError(
                ElfErrorCode.SegmentBeyondTaskSize,
                errno,
                $"program header {index}: {Hex.Of(header.p_vaddr)} to {Hex.End(header.p_vaddr, header.p_memsz)} is not in the user address space",
                isFatal: true);
            return false;
        }

        if (header.p_filesz == 0)
        {
            error = default;
            return true;
        }

        // From here on what vm_mmap would say of the file mapping; filesz is now known to be below TASK_SIZE.
        if (ElfPage.Offset(header.p_offset) != ElfPage.Offset(header.p_vaddr))
        {
            error = new ElfError(
                ElfErrorCode.SegmentMisaligned,
                ElfErrno.EINVAL,
                $"program header {index}: offset {Hex.Of(header.p_offset)} and address {Hex.Of(header.p_vaddr)} differ within their page",
                isFatal: true);
            return false;
        }

        ulong mapped = ElfPage.Align(header.p_filesz + ElfPage.Offset(header.p_vaddr));
        ulong offset = ElfPage.Start(header.p_offset);
        if (offset > (ulong)long.MaxValue - mapped)
        {
            error = new ElfError(
                ElfErrorCode.SegmentOffset,
                offset + mapped < offset ? ElfErrno.EINVAL : ElfErrno.EOVERFLOW,
                $"program header {index}: offset {Hex.Of(header.p_offset)} is past the largest file",
                isFatal: true);
            return false;
        }

        // padzero writes into the last page of the file mapping; a page that the file does not have at all cannot be written.
        ulong fileEnd = header.p_offset + header.p_filesz;
        if (header.p_memsz > header.p_filesz
            && (header.p_flags & SegmentFlags.PF_W) != 0
            && ElfPage.Offset(fileEnd) != 0
            && ElfPage.Start(fileEnd) >= fileLength)
        {
            error = new ElfError(
                ElfErrorCode.SegmentTailBeyondFile,
                ElfErrno.EFAULT,
                $"truncated: program header {index} ends at {Hex.Of(fileEnd)} but the file has {fileLength} bytes",
                isFatal: true);
            return false;
        }

        error = default;
        return true;
    }

    private static StackExecutability StackOf(ElfFile file)
    {
        StackExecutability stack = StackExecutability.EXSTACK_DEFAULT;
        foreach (ref readonly ProgramHeader header in file.ProgramHeaders)
        {
            if (header.p_type == SegmentType.PT_GNU_STACK)
            {
                stack = (header.p_flags & SegmentFlags.PF_X) != 0 ? StackExecutability.EXSTACK_ENABLE_X : StackExecutability.EXSTACK_DISABLE_X;
            }
        }

        return stack;
    }

    private static ElfRange? RangeOf(ElfFile file, SegmentType type)
    {
        int index = file.FindSegment(type);
        return index < 0 ? null : new ElfRange(file.ProgramHeaders[index]);
    }

    /// <summary>The minima and maxima that load_elf_binary gathers while it maps.</summary>
    private readonly struct Bounds
    {
        public Bounds(LoadSegment[] segments, ulong programHeaderOffset)
        {
            ulong start = ulong.MaxValue;
            StartCode = ulong.MaxValue;
            foreach (ref readonly LoadSegment segment in segments.AsSpan())
            {
                start = Math.Min(start, segment.PageStart);
                End = Math.Max(End, segment.End);
                StartData = Math.Max(StartData, segment.Address);
                EndData = Math.Max(EndData, segment.FileEnd);
                if ((segment.Protection & LoadProtection.PROT_EXEC) != 0)
                {
                    StartCode = Math.Min(StartCode, segment.Address);
                    EndCode = Math.Max(EndCode, segment.FileEnd);
                }

                if (BitOperations.IsPow2(segment.Alignment))
                {
                    MaxAlignment = Math.Max(MaxAlignment, segment.Alignment);
                }

                // Unsigned and wrapping, as in the kernel: only a segment that reads from the file can hold the headers.
                if (segment.Offset <= programHeaderOffset && programHeaderOffset < segment.Offset + segment.FileSize)
                {
                    ProgramHeaderAddress = programHeaderOffset - segment.Offset + segment.Address;
                }
            }

            MaxAlignment = ElfPage.Align(MaxAlignment);
            SpanStart = segments.Length == 0 ? 0 : start;
            SpanLength = segments.Length == 0 ? 0 : End - start;
        }

        public ulong SpanStart { get; }

        public ulong SpanLength { get; }

        public ulong End { get; }

        public ulong MaxAlignment { get; }

        public ulong ProgramHeaderAddress { get; }

        public ulong StartCode { get; }

        public ulong EndCode { get; }

        public ulong StartData { get; }

        public ulong EndData { get; }
    }
}
