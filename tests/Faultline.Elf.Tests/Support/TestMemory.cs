using System.Buffers.Binary;
using Faultline.Elf.Unwind;

namespace Faultline.Elf.Tests.Support;

/// <summary>One stretch of memory.</summary>
internal sealed class TestMemory(ulong start, byte[] bytes) : IMemoryReader
{
    public int Read(ulong address, Span<byte> buffer)
    {
        if (address - start >= (ulong)bytes.Length)
        {
            return 0;
        }

        ReadOnlySpan<byte> rest = bytes.AsSpan((int)(address - start));
        int count = Math.Min(rest.Length, buffer.Length);
        rest[..count].CopyTo(buffer);
        return count;
    }

    public TestMemory Set(ulong address, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan((int)(address - start)), value);
        return this;
    }
}
