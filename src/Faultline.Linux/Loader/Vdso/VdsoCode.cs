using System.Buffers.Binary;
using Faultline.Linux.Abi;
using static Faultline.Linux.Abi.Time.Clocks;

namespace Faultline.Linux.Loader.Vdso;

/// <summary>
/// The instructions of the vDSO. Every function asks the kernel into the 128 bytes below the stack pointer, which are its own (psABI 3.2.2), and copies the answer out with
/// instructions of its own, so that a bad pointer is a fault of the program's as it is on Linux. No function changes the stack pointer.
/// </summary>
internal static class VdsoCode
{
    /// <summary>The clocks that Linux's vDSO reads itself, a bit each (VDSO_HRES, VDSO_COARSE, VDSO_RAW); for others it makes the system call.</summary>
    public const uint Clocks = (1 << CLOCK_REALTIME) | (1 << CLOCK_MONOTONIC) | (1 << CLOCK_MONOTONIC_RAW) | (1 << CLOCK_REALTIME_COARSE) | (1 << CLOCK_MONOTONIC_COARSE)
        | (1 << CLOCK_BOOTTIME) | (1 << CLOCK_TAI);

    private const int LastClock = CLOCK_TAI;

    /// <summary>
    /// int clock_gettime(clockid_t clock, struct timespec *time). Where the time-stamp counter counts the nanoseconds of CLOCK_MONOTONIC, that clock takes no system call.
    /// </summary>
    public static byte[] ClockGettime(bool isTimestampMonotonic) => isTimestampMonotonic ? [.. Monotonic, .. ClockCall(Nr.clock_gettime, mayBeNull: false)] : ClockCall(Nr.clock_gettime, mayBeNull: false);

    /// <summary>int clock_getres(clockid_t clock, struct timespec *resolution)</summary>
    public static byte[] ClockGetres => ClockCall(Nr.clock_getres, mayBeNull: true);

    /// <summary>int gettimeofday(struct timeval *time, struct timezone *zone)</summary>
    public static byte[] Gettimeofday =>
    [
        0x49, 0x89, 0xF8,                       // mov r8, rdi
        0x49, 0x89, 0xF1,                       // mov r9, rsi
        0x48, 0x8D, 0x7C, 0x24, 0xE8,           // lea rdi, [rsp-24]
        0x48, 0x8D, 0x74, 0x24, 0xF8,           // lea rsi, [rsp-8]
        0xB8, .. Immediate(Nr.gettimeofday),    // mov eax, gettimeofday
        0x0F, 0x05,                             // syscall
        0x4D, 0x85, 0xC0,                       // test r8, r8
        0x74, 17,                               // je zone
        0x48, 0x8B, 0x54, 0x24, 0xE8,           // mov rdx, [rsp-24]
        0x49, 0x89, 0x10,                       // mov [r8], rdx
        0x48, 0x8B, 0x54, 0x24, 0xF0,           // mov rdx, [rsp-16]
        0x49, 0x89, 0x50, 0x08,                 // mov [r8+8], rdx
        0x4D, 0x85, 0xC9,                       // zone: test r9, r9
        0x74, 8,                                // je end
        0x48, 0x8B, 0x54, 0x24, 0xF8,           // mov rdx, [rsp-8]
        0x49, 0x89, 0x11,                       // mov [r9], rdx
        0xC3,                                   // end: ret
    ];

    /// <summary>time_t time(time_t *time)</summary>
    public static byte[] Time =>
    [
        0x49, 0x89, 0xF8,                       // mov r8, rdi
        0x31, 0xFF,                             // xor edi, edi
        0xB8, .. Immediate(Nr.time),            // mov eax, time
        0x0F, 0x05,                             // syscall
        0x4D, 0x85, 0xC0,                       // test r8, r8
        0x74, 3,                                // je end
        0x49, 0x89, 0x00,                       // mov [r8], rax
        0xC3,                                   // end: ret
    ];

    /// <summary>int getcpu(unsigned *cpu, unsigned *node, void *unused)</summary>
    public static byte[] Getcpu =>
    [
        0x49, 0x89, 0xF8,                       // mov r8, rdi
        0x49, 0x89, 0xF1,                       // mov r9, rsi
        0x48, 0x8D, 0x7C, 0x24, 0xF8,           // lea rdi, [rsp-8]
        0x48, 0x8D, 0x74, 0x24, 0xFC,           // lea rsi, [rsp-4]
        0xB8, .. Immediate(Nr.getcpu),          // mov eax, getcpu
        0x0F, 0x05,                             // syscall
        0x4D, 0x85, 0xC0,                       // test r8, r8
        0x74, 7,                                // je node
        0x8B, 0x54, 0x24, 0xF8,                 // mov edx, [rsp-8]
        0x41, 0x89, 0x10,                       // mov [r8], edx
        0x4D, 0x85, 0xC9,                       // node: test r9, r9
        0x74, 7,                                // je end
        0x8B, 0x54, 0x24, 0xFC,                 // mov edx, [rsp-4]
        0x41, 0x89, 0x11,                       // mov [r9], edx
        0xC3,                                   // end: ret
    ];

    /// <summary>What comes before the system call for CLOCK_MONOTONIC: nanoseconds are split by the reciprocal of 10^9 that fits every 64-bit number.</summary>
    private static ReadOnlySpan<byte> Monotonic =>
    [
        0x83, 0xFF, CLOCK_MONOTONIC,            // cmp edi, CLOCK_MONOTONIC
        0x75, 53,                               // jne other
        0x0F, 0x31,                             // rdtsc
        0x48, 0xC1, 0xE2, 0x20,                 // shl rdx, 32
        0x48, 0x09, 0xD0,                       // or rax, rdx
        0x48, 0x89, 0xC1,                       // mov rcx, rax
        0x48, 0xC1, 0xE8, 0x09,                 // shr rax, 9
        0x48, 0xBA, 0x53, 0x5A, 0x9B, 0xA0, 0x2F, 0xB8, 0x44, 0x00, // mov rdx, 0x44b82fa09b5a53
        0x48, 0xF7, 0xE2,                       // mul rdx
        0x48, 0xC1, 0xEA, 0x0B,                 // shr rdx, 11
        0x48, 0x69, 0xC2, 0x00, 0xCA, 0x9A, 0x3B, // imul rax, rdx, 1000000000
        0x48, 0x29, 0xC1,                       // sub rcx, rax
        0x48, 0x89, 0x16,                       // mov [rsi], rdx
        0x48, 0x89, 0x4E, 0x08,                 // mov [rsi+8], rcx
        0x31, 0xC0,                             // xor eax, eax
        0xC3,                                   // ret
    ];

    private static byte[] ClockCall(int number, bool mayBeNull)
    {
        ReadOnlySpan<byte> nullCheck = mayBeNull
            ?
            [
                0x4D, 0x85, 0xC0,               // test r8, r8
                0x74, 17,                       // je end
            ]
            : [];
        byte copy = (byte)(17 + nullCheck.Length);
        return
        [
            0xB8, .. Immediate(number),         // mov eax, number
            0x83, 0xFF, LastClock,              // cmp edi, CLOCK_TAI
            0x77, (byte)(25 + copy),        // ja direct
            0xB9, .. Immediate((int)Clocks),    // mov ecx, Clocks
            0x0F, 0xA3, 0xF9,                   // bt ecx, edi
            0x73, (byte)(15 + copy),            // jae direct
            0x49, 0x89, 0xF0,                   // mov r8, rsi
            0x48, 0x8D, 0x74, 0x24, 0xF0,       // lea rsi, [rsp-16]
            0x0F, 0x05,                         // syscall
            0x85, 0xC0,                         // test eax, eax
            0x75, copy,                         // jne end
            .. nullCheck,
            0x48, 0x8B, 0x54, 0x24, 0xF0,       // mov rdx, [rsp-16]
            0x49, 0x89, 0x10,                   // mov [r8], rdx
            0x48, 0x8B, 0x54, 0x24, 0xF8,       // mov rdx, [rsp-8]
            0x49, 0x89, 0x50, 0x08,             // mov [r8+8], rdx
            0xC3,                               // end: ret
            0x0F, 0x05,                         // direct: syscall
            0xC3,                               // ret
        ];
    }

    private static byte[] Immediate(int value)
    {
        byte[] bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }
}
