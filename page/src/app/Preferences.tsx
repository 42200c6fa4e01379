import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core';
import {
  IconAdjustmentsHorizontal,
  IconDeviceDesktop,
  IconMoon,
  IconSun,
} from '@tabler/icons-react';
import { useLanguage } from '../i18n/language.tsx';

const LANGUAGES = { pt: 'Português', en: 'English' } as const;
const THEMES = { light: IconSun, dark: IconMoon, auto: IconDeviceDesktop } as const;

/** Language and theme; the browser remembers both. */
export function Preferences() {
  const { text, language, choose } = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <ActionIcon size={32} variant="subtle" color="gray" aria-label={text.preferences}>
          <IconAdjustmentsHorizontal size={18} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{text.language}</Menu.Label>
        <Menu.RadioGroup
          value={language}
          onChange={(value) => {
            choose(value as keyof typeof LANGUAGES);
          }}
        >
          {Object.entries(LANGUAGES).map(([value, label]) => (
            <Menu.RadioItem key={value} value={value} lang={value}>
              {label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>{text.theme.label}</Menu.Label>
        <Menu.RadioGroup
          value={colorScheme}
          onChange={(value) => {
            setColorScheme(value as keyof typeof THEMES);
          }}
        >
          {(['light', 'dark', 'auto'] as const).map((value) => {
            const Icon = THEMES[value];
            return (
              <Menu.RadioItem
                key={value}
                value={value}
                rightSection={<Icon size={16} stroke={1.6} aria-hidden />}
              >
                {text.theme[value]}
              </Menu.RadioItem>
            );
          })}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}
